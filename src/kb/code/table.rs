//! The code table: symbols and values (generated), meanings and twins.

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

/// Families, the base of their numbers, their rows.
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
const TWINS: &str = include_str!("table/twins.tsv");

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
        for (kind, radix, text) in FILES {
            rows.extend(text.lines().filter_map(|line| {
                let (value, symbol) = line.split_once('\t')?;
                Some(Row { value: u32::from_str_radix(value, *radix).ok()?, kind: *kind, symbol })
            }));
        }
        rows.sort_unstable_by_key(|row| (row.value, row.kind, row.symbol));
        let by_symbol = rows.iter().zip(0..).map(|(row, at)| (row.symbol, at)).collect();
        let meanings = MEANINGS.lines().filter_map(meaning).collect();
        Self { rows, by_symbol, meanings, twins: TWINS.lines().filter_map(twin).collect() }
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
