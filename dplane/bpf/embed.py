# SPDX-License-Identifier: GPL-2.0-or-later
"""Write a file as a C array: embed.py FILE OUT.c (see lisp_bpf_obj.h)."""
import sys


def main():
    source, out = sys.argv[1:]
    with open(source, "rb") as f:
        data = f.read()
    rows = [
        "\t" + " ".join(f"0x{b:02x}," for b in data[i : i + 12])
        for i in range(0, len(data), 12)
    ]
    with open(out, "w", encoding="utf-8") as f:
        f.write('#include <stdint.h>\n#include <stddef.h>\n#include "dplane/lisp_bpf_obj.h"\n')
        f.write("const uint8_t lisp_bpf_obj[] __attribute__((aligned(8))) = {\n")
        f.write("\n".join(rows))
        f.write("\n};\nconst size_t lisp_bpf_obj_len = sizeof(lisp_bpf_obj);\n")


main()
