//! The code table: symbols and values (generated), meanings and twins.
//!
//! The files of `table/` are in the executable deflated, a third of their size;
//! unpacking and reading them takes some milliseconds, once.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::reading::Kind;

/// One symbol with its value; the symbol is empty where none is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) value: u32,
    pub(super) kind: Kind,
    pub(super) symbol: &'static str,
}

/// What a code means and what usually causes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meaning {
    pub(super) meaning: &'static str,
    pub(super) cause: Option<&'static str>,
}

/// All rows by value, and the way to them by symbol.
pub(super) struct Table {
    rows: Vec<Row>,
    by_symbol: HashMap<&'static str, u32>,
    meanings: HashMap<&'static str, Meaning>,
    /// NTSTATUS and the Win32 error it becomes, by NTSTATUS.
    twins: Vec<(u32, u32)>,
}

/// All files of `table/`, deflated: `=name` before each. A test holds them equal.
const PACKED: &[u8] = include_bytes!("table/tables.z");

/// More than the files have; a bound for unpacking, in bytes.
const UNPACKED_BYTES_MAX: usize = 4 << 20;

/// The files whose rows are `value<TAB>symbol`, their families and the base of
/// their numbers.
const FILES: &[(&str, Kind, u32)] = &[
    ("win32", Kind::Win32, 10),
    ("hresult", Kind::Hresult, 16),
    ("ntstatus", Kind::Ntstatus, 16),
    ("stop", Kind::Stop, 16),
    ("update", Kind::WindowsUpdate, 16),
    ("bits", Kind::Bits, 16),
];

/// The files as one text, unpacked on first use.
static TEXT: LazyLock<String> = LazyLock::new(|| {
    let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(PACKED, UNPACKED_BYTES_MAX);
    unpacked.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
});

/// The lines of a file of `table/`.
pub(super) fn lines_of(name: &str) -> impl Iterator<Item = &'static str> {
    let mut within = false;
    let name = name.to_owned();
    TEXT.lines().filter(move |line| {
        let heading = line.strip_prefix('=');
        within = heading.map_or(within, |heading| heading == name);
        within && heading.is_none()
    })
}

/// How many twins of a Win32 error are named.
const TWINS_MAX: usize = 4;

static TABLE: LazyLock<Table> = LazyLock::new(Table::parse);

/// The table, read on first use.
pub(super) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    fn parse() -> Self {
        let mut rows = Vec::with_capacity(15_000);
        for (name, kind, radix) in FILES {
            rows.extend(lines_of(name).filter_map(|line| row(*kind, *radix, line)));
        }
        rows.extend(lines_of("documented").filter_map(documented));
        rows.sort_unstable_by_key(|row| (row.value, row.kind, row.symbol));
        let by_symbol = rows.iter().zip(0..).map(|(row, at)| (row.symbol, at)).collect();
        let meanings = lines_of("meanings").filter_map(meaning).collect();
        Self { rows, by_symbol, meanings, twins: lines_of("twins").filter_map(twin).collect() }
    }

    /// Every row.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    /// Every row with this value.
    pub(super) fn rows_of(&self, value: u32) -> &[Row] {
        let from = self.rows.partition_point(|row| row.value < value);
        let count = self.rows[from..].iter().take_while(|row| row.value == value).count();
        &self.rows[from..from + count]
    }

    /// The row of a symbol, in upper case.
    pub(super) fn symbol(&self, symbol: &str) -> Option<Row> {
        self.by_symbol.get(symbol).and_then(|at| self.rows.get(*at as usize)).copied()
    }

    /// Our words about a code: by its symbol, else by its number.
    pub(super) fn meaning(&self, row: &Row) -> Option<Meaning> {
        let by_number = || self.meanings.get(row.number().as_str());
        let known = if row.symbol.is_empty() { by_number() } else { self.meanings.get(row.symbol) };
        known.copied()
    }

    /// The same trouble in other families, for people to read.
    pub(super) fn twins(&self, row: &Row) -> Vec<String> {
        let named = |kind: Kind, value: u32| {
            let row = self.rows_of(value).iter().find(|row| row.kind == kind)?;
            Some(format!("{} ({})", row.symbol, row.number()))
        };
        match row.kind {
            Kind::Win32 if row.value > 0 => {
                let same = self.twins.iter().filter(|(_, error)| *error == row.value).take(TWINS_MAX);
                let same = same.filter_map(|(status, _)| named(Kind::Ntstatus, *status));
                std::iter::once(format!("0x{:08X}", 0x8007_0000 | row.value)).chain(same).collect()
            }
            Kind::Ntstatus => {
                let at = self.twins.binary_search_by_key(&row.value, |(status, _)| *status).ok();
                let error = at.and_then(|at| self.twins.get(at));
                error.and_then(|(_, error)| named(Kind::Win32, *error)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

fn row(kind: Kind, radix: u32, line: &'static str) -> Option<Row> {
    let (value, symbol) = line.split_once('\t')?;
    Some(Row { value: u32::from_str_radix(value, radix).ok()?, kind, symbol })
}

/// `family<TAB>value<TAB>symbol`: what no header has.
fn documented(line: &'static str) -> Option<Row> {
    let (family, rest) = line.split_once('\t')?;
    let kind = match family {
        "stop" => Kind::Stop,
        "bits" => Kind::Bits,
        "servicing" => Kind::Servicing,
        "setup" => Kind::Setup,
        "windows-update" => Kind::WindowsUpdate,
        _ => return None,
    };
    row(kind, 16, rest)
}

/// `SYMBOL<TAB>meaning<TAB>cause`, the cause being optional.
fn meaning(line: &'static str) -> Option<(&'static str, Meaning)> {
    let mut fields = line.split('\t');
    let symbol = fields.next()?;
    let meaning = fields.next()?;
    Some((symbol, Meaning { meaning, cause: fields.next().filter(|cause| !cause.is_empty()) }))
}

fn twin(line: &str) -> Option<(u32, u32)> {
    let (status, error) = line.split_once('\t')?;
    Some((u32::from_str_radix(status, 16).ok()?, error.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs that Microsoft documents (article 113996, "Mapping NT Status Error
    /// Codes to Win32 Error Codes").
    const DOCUMENTED_PAIRS: &[(u32, u32)] = &[
        (0xC000_0008, 6),
        (0xC000_000D, 87),
        (0xC000_0017, 8),
        (0xC000_0022, 5),
        (0xC000_0034, 2),
        (0xC000_0035, 183),
        (0xC000_003A, 3),
        (0xC000_0043, 32),
        (0xC000_0054, 33),
        (0xC000_006D, 1326),
        (0xC000_007F, 112),
        (0xC000_00B5, 121),
        (0xC000_00BB, 50),
        (0xC000_0120, 995),
        (0xC000_014C, 1009),
        (0xC000_014D, 1016),
        (0xC000_0185, 1117),
    ];

    #[test]
    fn twins_are_the_documented_ones() {
        for pair in DOCUMENTED_PAIRS {
            assert!(table().twins.contains(pair), "{pair:x?}");
        }
        assert!(table().twins.is_sorted());
    }

    #[test]
    fn a_code_names_its_twins() {
        let row = table().symbol("STATUS_OBJECT_NAME_NOT_FOUND").unwrap();
        assert_eq!(table().twins(&row), ["ERROR_FILE_NOT_FOUND (2)"]);
        let row = table().symbol("ERROR_FILE_NOT_FOUND").unwrap();
        assert_eq!(table().twins(&row)[0], "0x80070002");
    }

    #[test]
    fn the_table_has_every_family() {
        for kind in
            [Kind::Win32, Kind::Hresult, Kind::Ntstatus, Kind::Stop, Kind::Bits, Kind::Servicing, Kind::Setup]
        {
            assert!(table().rows().any(|row| row.kind == kind), "{kind:?}");
        }
        assert!(table().rows().count() > 13_000);
    }

    #[test]
    fn meanings_are_found_by_symbol_and_by_number() {
        let meaning = |value: u32| table().rows_of(value).iter().find_map(|row| table().meaning(row));
        assert!(meaning(0xC190_0101).unwrap().meaning.contains("rolled back"));
        assert!(meaning(0x8024_0020).unwrap().cause.is_some());
    }
}
