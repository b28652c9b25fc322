#!/usr/bin/env python3
"""The include check must be able to fail: each kind of breach, planted, is found."""

import shutil
import tempfile
import unittest
from pathlib import Path

import check_includes


class CheckIncludes(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        self.saved = check_includes.SOURCE
        check_includes.SOURCE = self.root
        self.addCleanup(setattr, check_includes, "SOURCE", self.saved)
        self.rooms = check_includes.read_rooms(check_includes.ROOT / "docs" / "architecture.md")

    def breaches(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return check_includes.check_file(file, self.rooms)[0]

    def test_a_lower_floor_may_not_know_a_higher_one(self):
        self.assertTrue(self.breaches("foundation/base/a.hpp", '#include "server/node/serve.hpp"\n'))
        self.assertTrue(self.breaches("chains/solana/a.hpp", '#include "capabilities/mev/module.hpp"\n'))

    def test_an_engine_may_not_reach_the_world(self):
        for include in ("<thread>", "<chrono>", "<fstream>", "<boost/json.hpp>", "<simdjson.h>",
                        '"foundation/base/clock.hpp"', '"chains/solana/block_json.hpp"', '"foundation/net/client.hpp"'):
            self.assertTrue(self.breaches("capabilities/mev/engine/a.cpp", f"#include {include}\n"), include)

    def test_what_is_allowed_passes(self):
        text = '#include <vector>\n#include "chains/solana/activity.hpp"\n#include "foundation/base/numbers.hpp"\n'
        self.assertEqual(self.breaches("capabilities/mev/engine/a.cpp", text), [])

    def test_a_file_outside_every_room_is_found(self):
        self.assertTrue(self.breaches("capabilities/unlisted/a.cpp", ""))

    def test_a_cycle_is_found(self):
        self.assertEqual(check_includes.find_cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}}), ["a", "b", "c", "a"])
        self.assertIsNone(check_includes.find_cycle(self.rooms))


if __name__ == "__main__":
    unittest.main()
