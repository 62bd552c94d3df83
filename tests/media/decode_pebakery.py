"""Takes a file out of a PEBakery .script, believing nothing.

    decode_pebakery.py SCRIPT FOLDER NAME OUT

Shares no code and no library with the writer (winpe/pebakery/encode.rs): every
length, checksum and cross-reference of the format is looked at from the
reader's side, and the first one that is wrong ends the program.
"""

import base64
import configparser
import struct
import sys
import zlib

# File footer: name field, then raw length, stored length, encrypted length,
# position, CRC-32, mode, level. Archive footer: CRC-32, count, version, length
# of the file footer, length of the body, then a flag and zeros.
NAME_FIELD = 512
FILE_FOOTER = struct.Struct("<QQQQIBB")
ARCHIVE_FOOTER = struct.Struct("<IIIIQB11x")
ZLIB_MODE = 0


def need(condition, what):
    if not condition:
        sys.exit(f"decode_pebakery: {what}")


def whole_stream(data, what):
    stream = zlib.decompressobj()
    plain = stream.decompress(data)
    need(stream.eof and not stream.unused_data, f"{what} is not exactly one zlib stream")
    return plain


def encoded_text(section):
    last = int(section["lines"])
    lines = [section[str(number)] for number in range(last + 1)]
    need(len(section) == last + 2, "there are lines that nothing counts")
    need(all(len(line) == 4090 for line in lines[:-1]), "a line is not full")
    need("=" not in "".join(lines), "the base64 text is padded")
    return "".join(lines)


def main():
    script, folder, name, out = sys.argv[1:]
    raw = open(script, "rb").read()
    need(raw.count(b"\n") == raw.count(b"\r\n"), "lines end in CRLF")
    ini = configparser.RawConfigParser(allow_no_value=True, strict=True, delimiters=("=",))
    ini.optionxform = str
    ini.read_string(raw.decode("utf-8"))
    for section in ("Main", "Variables", "Process", "Interface", "EncodedFolders"):
        need(ini.has_section(section), f"there is no section {section}")
    need(ini["Main"]["Title"] and folder in ini["EncodedFolders"], "title or folder is missing")

    listed_length, listed_encoded = map(int, ini[folder][name].split(","))
    text = encoded_text(ini[f"EncodedFile-{folder}-{name}"])
    padded = text + "=" * (-len(text) % 4)
    need(len(padded) == listed_encoded, "the list's encoded length is wrong")
    archive = base64.b64decode(padded, validate=True)

    data, footer = archive[: -ARCHIVE_FOOTER.size], archive[-ARCHIVE_FOOTER.size :]
    crc, count, version, footer_length, body_length, flag = ARCHIVE_FOOTER.unpack(footer)
    need((count, version, flag) == (1, 2, 1) and footer[25:] == bytes(11), "archive footer")
    need(crc == zlib.crc32(data), "checksum of the archive")
    need(body_length + footer_length == len(data), "lengths of the archive")
    body, file_footer = data[:body_length], whole_stream(data[body_length:], "the file footer")

    need(len(file_footer) == NAME_FIELD + FILE_FOOTER.size, "length of the file footer")
    stored_name, rest = file_footer[1 : 1 + file_footer[0]], file_footer[1 + file_footer[0] : NAME_FIELD]
    need(stored_name == name.encode("ascii") and not any(rest), "name in the file footer")
    length, stored, encrypted, position, file_crc, mode, _level = FILE_FOOTER.unpack(file_footer[NAME_FIELD:])
    need((encrypted, position, mode) == (0, 0, ZLIB_MODE), "the file is stored in another way")
    content = whole_stream(body, "the file")
    need((length, stored) == (len(content), len(body)) and length == listed_length, "lengths of the file")
    need(file_crc == zlib.crc32(content), "checksum of the file")
    open(out, "wb").write(content)


main()
