# SPDX-License-Identifier: GPL-2.0-or-later
"""The lab: topologies to play with, the demo, the checks, the benches."""
