"""An exponential and a logarithm that fill vector registers: what libraries compute one number at a time.

Written so that all stays in 32 bits: a step through 64, which Numba's sums of integers are, halves how many fit.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from understudy.render.splat.compiled import inlined

_WORD, _FLOAT = ir.IntType(32), ir.FloatType()


def _bits(number: int) -> Any:
    return ir.Constant(_WORD, number)


@intrinsic
def _floor(context: Any, number: Any) -> Any:
    """The whole part of a number that is not negative, as a float."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.sitofp(builder.fptosi(arguments[0], _WORD), _FLOAT)

    return types.float32(types.float32), code


@intrinsic
def _power(context: Any, number: Any) -> Any:
    """Two to the whole part of a number, less 128."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        exponent = builder.sub(builder.fptosi(arguments[0], _WORD), _bits(1))
        return builder.bitcast(builder.shl(exponent, _bits(23)), _FLOAT)

    return types.float32(types.float32), code


@intrinsic
def _raised(context: Any, one: Any, number: Any) -> Any:
    """A number times two to the whole part of another, less 512; 512 leaves a float at its top."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = builder.bitcast(arguments[0], _WORD)
        exponent = builder.fptosi(arguments[1], _WORD)
        return builder.bitcast(builder.add(word, builder.shl(exponent, _bits(23))), _FLOAT)

    return types.float32(types.float32, types.float32), code


@intrinsic
def whole_(context: Any, number: Any) -> Any:
    """The whole part of a number, in 32 bits."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.fptosi(arguments[0], _WORD)

    return types.int32(types.float32), code


@intrinsic
def first_(context: Any, bits: Any) -> Any:
    """The number of the lowest bit that is set, of a word in which one is."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(_WORD, [_WORD, ir.IntType(1)])
        count = builder.module.declare_intrinsic("llvm.cttz", [_WORD], kind)
        return builder.call(count, [arguments[0], ir.Constant(ir.IntType(1), 1)])

    return types.uint32(types.uint32), code


@intrinsic
def _octave(context: Any, number: Any) -> Any:
    """The exponent of a positive number, as a float."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = builder.bitcast(arguments[0], _WORD)
        return builder.sitofp(builder.sub(builder.lshr(word, _bits(23)), _bits(127)), _FLOAT)

    return types.float32(types.float32), code


@intrinsic
def _mantissa(context: Any, number: Any) -> Any:
    """A positive number over two to its exponent: 1..2."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        word = builder.and_(builder.bitcast(arguments[0], _WORD), _bits(0x7FFFFF))
        return builder.bitcast(builder.or_(word, _bits(0x3F800000)), _FLOAT)

    return types.float32(types.float32), code


@inlined
def exp_(x):
    """e to the x for x in -80..80, to one part in ten thousand."""
    y = x * np.float32(1.442695) + np.float32(128.0)
    f = y - _floor(y)
    p = np.float32(1.0) + f * (
        np.float32(0.6930448) + f * (np.float32(0.2412802) + f * (np.float32(0.0522425) + f * np.float32(0.0134267)))
    )
    return _power(y) * p


@inlined
def exp2_(y):
    """Two to the y less 512, for y in 400..600, to one part in five thousand.

    What lies outside gives some number and no error; so large an offset saves taking it off.
    """
    f = y - _floor(y)
    # exact at both ends of f = 0..1, the least relative error between
    return _raised(
        np.float32(1.0) + f * (np.float32(0.6954244) + f * (np.float32(0.2263077) + f * np.float32(0.0782679))), y
    )


@inlined
def log2_(x):
    """The logarithm of a positive number to the base of 2, within 2e-5."""
    f = _mantissa(x) - np.float32(1.0)
    # exact at both ends of f = 0..1, least squares of log2(1 + f) between
    bend = np.float32(0.4418359) + f * (
        np.float32(-0.2665363) + f * (np.float32(0.1470188) + f * np.float32(-0.0442437))
    )
    return _octave(x) + f + f * (np.float32(1.0) - f) * bend
