# SPDX-License-Identifier: GPL-2.0-or-later
"""Measurements of forwarding and of the Map-Server: ./lab bench."""
