"""What one of other people's hive readers sees change between two hives.

    python3 peers.py READER BEFORE AFTER

READER is hivex, python-registry or regipy. Prints a JSON object: how many keys
and values it reads in each file, and the differences, sorted:

    +key PATH      -key PATH
    -value PATH|NAME
    +value PATH|NAME [TYPE SHA256]      ~value PATH|NAME [TYPE SHA256]

regipy decodes data in its own way, so its differences have no type and hash.
Exit code 3: the reader is not installed.
"""
import hashlib
import json
import sys


def fingerprint(kind, data):
    return f'{kind} {hashlib.sha256(bytes(data)).hexdigest()}'


def read_hivex(path):
    import hivex
    hive = hivex.Hivex(path)
    waiting = [(hive.root(), '')]
    while waiting:
        node, where = waiting.pop()
        values = {}
        for value in hive.node_values(node):
            kind, data = hive.value_value(value)
            values[hive.value_key(value)] = fingerprint(kind, data)
        yield where, values
        waiting += [(child, where + '\\' + hive.node_name(child)) for child in hive.node_children(node)]


def read_python_registry(path):
    from Registry import Registry
    waiting = [(Registry.Registry(path).root(), '')]
    while waiting:
        key, where = waiting.pop()
        values = {}
        for value in key.values():
            name = '' if value.name() == '(default)' else value.name()
            values[name] = fingerprint(value.value_type(), value.raw_data() or b'')
        yield where, values
        waiting += [(child, where + '\\' + child.name()) for child in key.subkeys()]


def read_regipy(path):
    import logging
    from regipy.registry import RegistryHive
    logging.disable(logging.CRITICAL)
    waiting = [(RegistryHive(path).root, '')]
    while waiting:
        key, where = waiting.pop()
        values = {}
        if key.values_count:
            for value in key.iter_values(as_json=False, trim_values=False):
                name = '' if value.name == '(default)' else value.name
                values[name] = repr((value.value_type, value.value))
        yield where, values
        if key.subkey_count:
            waiting += [(child, where + '\\' + child.name) for child in key.iter_subkeys()]


READERS = {'hivex': read_hivex, 'python-registry': read_python_registry, 'regipy': read_regipy}


def differences(before, after, with_data):
    for path in before.keys() - after.keys():
        yield f'-key {path}'
    for path, values in after.items():
        earlier = before.get(path)
        if earlier is None:
            yield f'+key {path}'
            earlier = {}
        for name in earlier.keys() - values.keys():
            yield f'-value {path}|{name}'
        for name, seen in values.items():
            if earlier.get(name) != seen:
                mark = '~' if name in earlier else '+'
                yield f'{mark}value {path}|{name}' + (f' {seen}' if with_data else '')


def main():
    reader, paths = sys.argv[1], sys.argv[2:4]
    try:
        before, after = (dict(READERS[reader](path)) for path in paths)
    except ImportError:
        sys.exit(3)
    count = lambda tree: [len(tree), sum(len(values) for values in tree.values())]
    found = sorted(differences(before, after, reader != 'regipy'))
    print(json.dumps({'before': count(before), 'after': count(after), 'differences': found}))


main()
