"""The machine-readable AI tag of GB 45438-2025: one small JSON named AIGC, in each container's own place.

MP4: the metadata key `AIGC` in moov/udta/meta. PNG and JPEG: XMP `TC260:AIGC`, beside the IPTC digital source type.
WAV: a RIFF chunk `AIGC`. Label "1" says: made by AI.
"""

import json
import struct
from typing import Any

from understudy.rights.keys import installation_key, key_id, public_text

PRODUCER = "Understudy"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCE_TYPE = f"{SOURCE_TYPES}trainedAlgorithmicMedia"
"""Voices are statistical models of recorded speech and faces a model fitted to people, so the strictest word fits."""

KNOWN_SOURCE_TYPES = frozenset(
    SOURCE_TYPES + word
    for word in (
        "digitalCapture", "computationalCapture", "negativeFilm", "positiveFilm", "print", "humanEdits",
        "compositeWithTrainedAlgorithmicMedia", "algorithmicallyEnhanced", "digitalCreation", "dataDrivenMedia",
        "trainedAlgorithmicMedia", "algorithmicMedia", "screenCapture", "virtualRecording", "composite",
        "compositeCapture", "compositeSynthetic", "multiFrameComputationalCapture",
    )
)  # fmt: skip
"""The IPTC vocabulary; C2PA libraries accept any text, so we compare it ourselves."""

AI_SOURCE_TYPES = frozenset(
    SOURCE_TYPES + word
    for word in (
        "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia", "compositeSynthetic"
    )
)  # fmt: skip

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="{source}"
 TC260:AIGC="{aigc}"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def tag(produce_id: str) -> str:
    """Returns the AIGC JSON of one file. produce_id: its unique id."""
    producer = f"{PRODUCER} {key_id(public_text(installation_key()))}"
    fields = {
        "Label": "1",
        "ContentProducer": producer,
        "ProduceID": produce_id,
        "ReservedCode1": "",
        "ContentPropagator": producer,
        "PropagateID": produce_id,
        "ReservedCode2": "",
    }
    return json.dumps(fields, separators=(",", ":"))


def read_tag(text: str) -> dict[str, str] | None:
    """Returns the fields of an AIGC JSON, None when it is none or does not say Label 1."""
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    if not isinstance(fields, dict) or fields.get("Label") != "1" or not fields.get("ProduceID"):
        return None
    return {str(key): str(value) for key, value in fields.items()}


def xmp(produce_id: str) -> str:
    """Returns the XMP packet of a still."""
    return _XMP.format(source=SOURCE_TYPE, aigc=tag(produce_id).replace('"', "&quot;"))


def read_xmp(packet: str) -> dict[str, str] | None:
    """Returns the AIGC fields of an XMP packet; looks for our attribute only and expands no entities but quotes."""
    start = packet.find('TC260:AIGC="')
    if start < 0:
        return None
    start += len('TC260:AIGC="')
    return read_tag(packet[start : packet.find('"', start)].replace("&quot;", '"'))


def wav(samples: Any, rate_hz: int, produce_id: str) -> bytes:
    """Returns a mono 16-bit WAV file with the AIGC chunk before its data. samples: (n,) int16."""
    label, data = tag(produce_id).encode(), samples.astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, 1, rate_hz, rate_hz * 2, 2, 16)
    body = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"AIGC", label) + _chunk(b"data", data)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def read_wav_tag(data: bytes) -> dict[str, str] | None:
    """Returns the AIGC fields of a WAV file."""
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int(struct.unpack_from("<I", data, place + 4)[0])
        if name == b"AIGC":
            return read_tag(data[place + 8 : place + 8 + size].decode("utf-8", "replace").rstrip("\0"))
        place += 8 + size + (size & 1)
    return None


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)
