"""Makes the tables of digests that a roster is looked up in: only who reads a roster's files needs it.

What sorts them is half as long in coming as all that recognises a name.
"""

from array import array
from typing import Final

import numpy as np

from auditor.roster.digests import MOST_BUCKET_BITS, REST_BITS, REST_MASK, Postings, Sieve

_SIEVE_BITS: Final = 10


def postings(digests: "array[int]", records: "array[int]") -> Postings:
    """A table of these pairs; the two arrays ("Q" and "I") run in parallel."""
    keys = np.frombuffer(digests, np.uint64) if len(digests) else np.empty(0, np.uint64)
    values = np.frombuffer(records, np.uint32) if len(records) else np.empty(0, np.uint32)
    order = np.lexsort((values, keys))
    keys, values = keys[order], values[order]
    if len(keys):
        fresh = np.ones(len(keys), bool)
        fresh[1:] = (keys[1:] != keys[:-1]) | (values[1:] != values[:-1])
        keys, values = keys[fresh], values[fresh]
    bits = min(MOST_BUCKET_BITS, max(1, len(keys).bit_length() - 3))
    bounds = np.arange((1 << bits) + 1, dtype=np.uint64)
    offsets = np.searchsorted(keys >> np.uint64(64 - bits), bounds)
    rests = (keys >> np.uint64(64 - bits - REST_BITS)) & np.uint64(REST_MASK)
    return Postings(_array(offsets), _array(rests), _array(values))


def sieve(digests: "array[int]") -> Sieve:
    """A sieve of these."""
    keys = np.frombuffer(digests, np.uint64) if len(digests) else np.empty(0, np.uint64)
    bits = np.zeros((len(keys) * _SIEVE_BITS + 7) // 8 * 8, np.bool_)
    if len(keys):
        for key in (keys, keys >> np.uint64(REST_BITS)):
            bits[(key % np.uint64(len(bits))).astype(np.int64)] = True
    return Sieve(np.packbits(bits, bitorder="little").tobytes())


def _array(column: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> "array[int]":
    return array("I", column.astype("=u4").tobytes())
