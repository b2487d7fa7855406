"""Makes one ear of two: a net whose log posteriors are the weighted mean of those of two nets.

    python training/ear_pair.py first.onnx second.onnx src/understudy/voice/ear.onnx --share 0.6

Two nets that learned from different voices are wrong about different things. share: weight of the second.
"""

import argparse
import json
from pathlib import Path

import onnx
from numpy import array, float32
from onnx import ModelProto, compose, helper, numpy_helper


def pair(first: ModelProto, second: ModelProto, share: float) -> ModelProto:
    """Returns the two as one, with the input and the output of either, and what both know of themselves."""
    told = [{p.key: p.value for p in m.metadata_props} for m in (first, second)]
    if told[0]["usual"] != told[1]["usual"]:
        raise SystemExit("The two ears begin with different mean spectra; train the second with --learned first.onnx.")
    nodes, weights = [], []
    for name, model, weight in (("a", first, 1 - share), ("b", second, share)):
        graph = compose.add_prefix_graph(model.graph, f"{name}_", rename_inputs=False, rename_outputs=True)
        nodes += [
            *graph.node,
            helper.make_node("LogSoftmax", [f"{name}_logits"], [f"{name}_logs"], axis=-1),
            helper.make_node("Mul", [f"{name}_logs", f"{name}_weight"], [f"{name}_said"]),
        ]
        weights += [*graph.initializer, numpy_helper.from_array(array(weight, float32), f"{name}_weight")]
    nodes.append(helper.make_node("Add", ["a_said", "b_said"], ["logits"]))
    graph = helper.make_graph(nodes, "ear", first.graph.input, first.graph.output, weights)
    made = helper.make_model(graph, opset_imports=first.opset_import, ir_version=first.ir_version)
    facts = {"made_by": "training/ear_pair.py", "share": share, "of": [json.loads(t["facts"]) for t in told]}
    helper.set_model_props(made, {"usual": told[0]["usual"], "facts": json.dumps(facts)})
    onnx.checker.check_model(made)
    return made


def main() -> None:
    """Writes the pair."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--share", type=float, default=0.6)
    options = parser.parse_args()
    made = pair(onnx.load(str(options.first)), onnx.load(str(options.second)), options.share)
    onnx.save(made, str(options.onnx))


if __name__ == "__main__":
    main()
