"""The protobuf wire format, as far as reading and rewriting a model's outer fields needs it.

A message is a run of fields; each is a varint key (number * 8 + wire type) and a payload.
Source: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap

Buffer = bytes | mmap | memoryview
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_FIXED_BYTES = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT_BYTES = 10


class BadWire(ValueError):
    """The bytes are no protobuf message, or end too early."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where one field lies in its buffer.

    Attributes:
        number: of the field in its message.
        wire_type: VARINT, FIXED64, LENGTH or FIXED32.
        start: of the key.
        payload: where the content starts, after key and length.
        end: just past the content.
    """

    number: int
    wire_type: int
    start: int
    payload: int
    end: int


def fields(buffer: Buffer, start: int, end: int) -> Iterator[Field]:
    """The fields of the message that lies in `buffer[start:end]`, contents skipped.

    Raises:
        BadWire: the bytes are no whole message.
    """
    at = start
    while at < end:
        key, payload = read_varint(buffer, at, end)
        number, wire_type = key >> 3, key & 7
        if number == 0:
            raise BadWire("a field has the number 0")
        if wire_type == VARINT:
            _, stop = read_varint(buffer, payload, end)
        elif wire_type == LENGTH:
            length, payload = read_varint(buffer, payload, end)
            stop = payload + length
        elif wire_type in _FIXED_BYTES:
            stop = payload + _FIXED_BYTES[wire_type]
        else:
            raise BadWire(f"a field has the wire type {wire_type}")
        if stop > end:
            raise BadWire("a field reaches past the end")
        yield Field(number, wire_type, at, payload, stop)
        at = stop


def read_varint(buffer: Buffer, at: int, end: int) -> tuple[int, int]:
    """The number that starts at `at`, and the place just past it.

    Raises:
        BadWire: the number does not end before `end`, or has more than 64 bits.
    """
    value = 0
    for place in range(_LONGEST_VARINT_BYTES):
        if at + place >= end:
            raise BadWire("a number is cut off")
        byte = buffer[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            if value >> 64:
                break
            return value, at + place + 1
    raise BadWire("a number is longer than 64 bits")


def varint(value: int) -> bytes:
    """The bytes of a number of 0 or more."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def length_field(number: int, payload: bytes) -> bytes:
    """A whole field that holds these bytes."""
    return varint(number << 3 | LENGTH) + varint(len(payload)) + payload
