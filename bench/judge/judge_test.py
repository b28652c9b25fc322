#!/usr/bin/env python3
"""Drives the judge's shared object over the recorded workloads; the report text must equal theirs."""

import ctypes
import gzip
import struct
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Report(ctypes.Structure):
    _fields_ = [("type", ctypes.c_uint8), ("side", ctypes.c_uint8), ("pad", ctypes.c_uint8 * 6),
                ("sequence", ctypes.c_uint64), ("order_id", ctypes.c_uint64), ("price", ctypes.c_int64),
                ("quantity", ctypes.c_uint32), ("pad2", ctypes.c_uint32), ("maker", ctypes.c_uint64),
                ("taker", ctypes.c_uint64), ("pad3", ctypes.c_uint64)]


PUSH = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Report))
FLUSH = ctypes.CFUNCTYPE(None, ctypes.c_void_p)


class Transport(ctypes.Structure):
    _fields_ = [("create", ctypes.c_void_p), ("push", PUSH), ("drain", ctypes.c_void_p), ("flush", FLUSH),
                ("destroy", ctypes.c_void_p)]


def text_of(report):
    fields = {0: ("side", "order_id", "price", "quantity"), 1: ("price", "quantity", "maker", "taker"),
              2: ("side", "order_id", "price"), 3: ("side", "order_id", "price", "quantity"),
              4: ("order_id",), 5: ("order_id",)}[report.type]
    return ",".join(str(v) for v in (report.type, report.sequence, *(getattr(report, f) for f in fields)))


def run(library, records):
    lines = []

    def push(_, report):
        lines.append((report[0].sequence, report[0].type, text_of(report[0])))
        return 1

    transport = Transport(None, PUSH(push), None, FLUSH(lambda _: None), None)
    library.engine_init(ctypes.c_uint64(0), ctypes.byref(transport), None)
    for kind, side, ioc, quantity, sequence, order_id, price, _ in records:
        if kind == 0:
            library.engine_on_new_order(struct.pack("<QQqIBB2x", order_id, sequence, price, quantity, side, ioc))
        elif kind == 1:
            library.engine_on_cancel(struct.pack("<QQ", order_id, sequence))
        else:
            library.engine_on_modify(struct.pack("<QQqIB3x", order_id, sequence, price, quantity, side))
    library.engine_flush()
    library.engine_shutdown()
    lines.sort(key=lambda line: line[:2])  # stable: trades of one message keep their order
    return "\n".join(line[2] for line in lines)


class Judge(unittest.TestCase):
    def test_reports_equal_the_recorded_ones(self):
        library = ctypes.CDLL(LIBRARY)
        for scenario in ("normal", "flash-crash", "static"):
            stem = ROOT / "share" / "market" / f"mebench_{scenario}_s23_n40000"
            data = gzip.open(f"{stem}.bin.gz").read()
            records = list(struct.iter_unpack("<BBBxIQQqq", data[16:]))
            expected = gzip.open(f"{stem}.reports.txt.gz", "rt").read()
            self.assertEqual(len(records), struct.unpack_from("<I", data, 12)[0])
            self.assertEqual(run(library, records), expected, scenario)


if __name__ == "__main__":
    LIBRARY = sys.argv.pop(1)
    unittest.main()
