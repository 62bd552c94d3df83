//! The code table: symbols and values (generated), meanings (ours).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::reading::Kind;

/// One symbol with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) value: u32,
    pub(super) kind: Kind,
    pub(super) symbol: &'static str,
}

/// What a code means and what usually causes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meaning {
    pub(super) meaning: &'static str,
    pub(super) cause: Option<&'static str>,
}

/// All rows by value, and the way to them by symbol.
pub(super) struct Table {
    rows: Vec<Row>,
    by_symbol: HashMap<&'static str, u32>,
    meanings: HashMap<&'static str, Meaning>,
}

/// Files, what their numbers are, and their base.
const FILES: &[(Kind, u32, &str)] = &[
    (Kind::Win32, 10, include_str!("table/win32.tsv")),
    (Kind::Hresult, 16, include_str!("table/hresult.tsv")),
    (Kind::Ntstatus, 16, include_str!("table/ntstatus.tsv")),
    (Kind::Stop, 16, include_str!("table/stop.tsv")),
    (Kind::WindowsUpdate, 16, include_str!("table/update.tsv")),
    (Kind::Bits, 16, include_str!("table/bits.tsv")),
    (Kind::Servicing, 16, include_str!("table/servicing.tsv")),
    (Kind::Setup, 16, include_str!("table/setup.tsv")),
];

const MEANINGS: &str = include_str!("table/meanings.tsv");

static TABLE: LazyLock<Table> = LazyLock::new(Table::parse);

/// The table, read on first use.
pub(super) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    fn parse() -> Self {
        let mut rows = Vec::with_capacity(15_000);
        for (kind, radix, text) in FILES {
            rows.extend(text.lines().filter_map(|line| {
                let (value, symbol) = line.split_once('\t')?;
                Some(Row { value: u32::from_str_radix(value, *radix).ok()?, kind: *kind, symbol })
            }));
        }
        rows.sort_unstable_by_key(|row| (row.value, row.kind, row.symbol));
        let by_symbol = rows.iter().zip(0..).map(|(row, at)| (row.symbol, at)).collect();
        Self { rows, by_symbol, meanings: MEANINGS.lines().filter_map(meaning).collect() }
    }

    /// Every row with this value.
    pub(super) fn rows_of(&self, value: u32) -> &'static [Row] {
        let rows = &table().rows;
        let from = rows.partition_point(|row| row.value < value);
        let to = rows.partition_point(|row| row.value <= value);
        &rows[from..to]
    }

    /// The row of a symbol, in upper case.
    pub(super) fn symbol(&self, symbol: &str) -> Option<Row> {
        self.by_symbol.get(symbol).and_then(|at| self.rows.get(*at as usize)).copied()
    }

    /// Our words about a symbol.
    pub(super) fn meaning(&self, symbol: &str) -> Option<Meaning> {
        self.meanings.get(symbol).copied()
    }
}

/// `SYMBOL<TAB>meaning<TAB>cause`, the cause being optional.
fn meaning(line: &'static str) -> Option<(&'static str, Meaning)> {
    let mut fields = line.split('\t');
    let symbol = fields.next()?;
    let meaning = fields.next()?;
    Some((symbol, Meaning { meaning, cause: fields.next().filter(|cause| !cause.is_empty()) }))
}
