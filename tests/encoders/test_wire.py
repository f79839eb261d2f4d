import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.encoders.wire import BadWire, fields, length_field, read_varint, varint


@given(st.integers(0, 2**64 - 1))
def test_numbers_are_read_as_they_were_written(value):
    told = varint(value)
    assert read_varint(b"\xff" + told + b"\x01", 1, 2 + len(told)) == (value, 1 + len(told))


@given(st.integers(2**64, 2**80))
def test_numbers_of_more_than_64_bits_are_refused(value):
    with pytest.raises(BadWire):
        read_varint(varint(value), 0, 20)


@given(st.lists(st.tuples(st.integers(1, 2**20), st.binary(max_size=300))))
def test_fields_tile_the_buffer(contents):
    buffer = b"".join(length_field(number, payload) for number, payload in contents)
    found = list(fields(buffer, 0, len(buffer)))
    assert [(f.number, buffer[f.payload : f.end]) for f in found] == contents
    edges = [0, *(f.end for f in found)]
    assert [f.start for f in found] == edges[:-1] and edges[-1] == len(buffer)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(buffer):
    try:
        found = list(fields(buffer, 0, len(buffer)))
    except BadWire:
        return
    assert sum(f.end - f.start for f in found) == len(buffer)


@pytest.mark.parametrize(
    "buffer",
    [b"\x00\x01", b"\x0b", b"\x0e", b"\x0a\x05abc", b"\x09\x00\x00", b"\x0d\x00", b"\x80" * 11],
    ids=["number 0", "group", "type 6", "short bytes", "short 64", "short 32", "endless"],
)
def test_what_is_no_message_is_refused(buffer):
    with pytest.raises(BadWire):
        list(fields(buffer, 0, len(buffer)))
