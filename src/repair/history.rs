//! What was done to a target, from its receipts alone.

use super::error::RepairError;
use super::plan::DOCUMENT_VERSION;
use super::planner::Context;
use super::receipt::{Listed, Receipt, Receipts, State};
use super::report::{FirstBootResult, History, HistoryState, ReceiptSummary};
use super::step::{RUN_ONCE_KEY, result_file, value_name};
use super::target::TargetSummary;

/// Longest output of a first-boot command that is shown, in bytes.
const OUTPUT_BYTES_MAX: u64 = 64 << 10;

/// Whether all fixes of a receipt have been taken back by receipts that have
/// not been taken back themselves. An undo is always later than what it takes
/// back, so this ends.
pub(crate) fn is_undone(receipt: &Receipt, listed: &[Listed]) -> bool {
    let undos = undos_of(receipt, listed);
    !receipt.fixes.is_empty()
        && receipt.fixes.iter().all(|fix| {
            undos.iter().any(|undo| undo.fixes.iter().any(|undone| undone.name == fix.name))
                || receipt
                    .undone_by
                    .iter()
                    .any(|by| !is_listed(&by.receipt, listed) && by.fixes.contains(&fix.name))
        })
}

/// The applied receipts that take back (parts of) a receipt and still stand.
pub(crate) fn undos_of<'l>(receipt: &Receipt, listed: &'l [Listed]) -> Vec<&'l Receipt> {
    let undoes = |other: &&Receipt| {
        other.state == State::Applied
            && other.undoes.as_deref() == Some(receipt.receipt.as_str())
            && other.receipt > receipt.receipt
    };
    let all = listed.iter().filter_map(|listed| listed.receipt.as_ref());
    all.filter(undoes).filter(|undo| !is_undone(undo, listed)).collect()
}

fn is_listed(name: &str, listed: &[Listed]) -> bool {
    listed.iter().any(|listed| listed.name == name)
}

impl Context<'_> {
    /// All receipts of the target, latest first.
    pub(crate) fn history(&self, receipts: &Receipts) -> Result<History, RepairError> {
        let (listed, problems) = receipts.list(self.storage)?;
        let summaries = listed.iter().filter_map(|one| summary(one, &listed)).collect();
        Ok(History {
            version: DOCUMENT_VERSION,
            target: TargetSummary::new(self.installation),
            receipts: summaries,
            problems: problems.iter().map(ToString::to_string).collect(),
        })
    }

    /// What the commands queued by earlier repairs left behind.
    pub(crate) fn first_boot_results(
        &self,
        receipts: &Receipts,
    ) -> Result<Vec<FirstBootResult>, RepairError> {
        let (listed, _) = receipts.list(self.storage)?;
        let mut results: Vec<FirstBootResult> = Vec::new();
        for one in &listed {
            let Some(receipt) = one.receipt.as_ref().filter(|receipt| receipt.state == State::Applied) else {
                continue;
            };
            for command in receipt.fixes.iter().flat_map(|fix| &fix.first_boot) {
                if results.iter().all(|known| known.command != *command) && receipt.undoes.is_none() {
                    results.push(self.first_boot_result(&receipt.receipt, command)?);
                }
            }
        }
        Ok(results)
    }

    fn first_boot_result(&self, receipt: &str, command: &str) -> Result<FirstBootResult, RepairError> {
        let (receipt, command) = (receipt.to_owned(), command.to_owned());
        let workspace = self.workspace();
        let run_once = workspace.locate_one(RUN_ONCE_KEY)?;
        let queued = workspace.value(&run_once, &value_name(&command))?.is_some();
        let (path, entry) = workspace.look(&result_file(&command))?;
        let Some(entry) = entry.filter(|_| !queued) else {
            let output = if queued { "queued for the first boot" } else { "neither queued nor run" };
            return Ok(FirstBootResult { receipt, command, exit_code: None, output: output.to_owned() });
        };
        let output = if entry.len <= OUTPUT_BYTES_MAX {
            let read = self.storage.read(&path.host);
            let bytes = read.map_err(crate::hive::storage::StorageError::at("cannot read", &path.host))?;
            String::from_utf8_lossy(&bytes).into_owned()
        } else {
            format!("{} has {} bytes", path.windows, entry.len)
        };
        let exit_code = exit_code(&output);
        Ok(FirstBootResult { receipt, command, exit_code, output })
    }
}

/// The last line says `exit N`.
fn exit_code(output: &str) -> Option<i64> {
    output.lines().rev().find_map(|line| line.trim().strip_prefix("exit ")?.trim().parse().ok())
}

fn summary(listed: &Listed, all: &[Listed]) -> Option<ReceiptSummary> {
    let receipt = listed.receipt.as_ref()?;
    let state = match receipt.state {
        State::Prepared => HistoryState::Unfinished,
        State::RolledBack => HistoryState::RolledBack,
        State::Applied if is_undone(receipt, all) => HistoryState::Undone,
        State::Applied => HistoryState::Applied,
    };
    let mut undone_by: Vec<String> = undos_of(receipt, all).iter().map(|undo| undo.receipt.clone()).collect();
    undone_by
        .extend(receipt.undone_by.iter().map(|by| by.receipt.clone()).filter(|name| !is_listed(name, all)));
    Some(ReceiptSummary {
        receipt: receipt.receipt.clone(),
        state,
        fixes: receipt.fix_names(),
        time: receipt.written.clone(),
        changes: receipt.changes.len(),
        undoes: receipt.undoes.clone(),
        undone_by,
        folder: listed.folder.path.clone(),
        checklist: receipt.checklist.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_is_the_last_one_said() {
        assert_eq!(exit_code("exit 7\r\nDllRegisterServer succeeded\r\nexit 0\r\n"), Some(0));
        assert_eq!(exit_code("exit -1073741515 \r\n"), Some(-1_073_741_515));
        assert_eq!(exit_code("nothing"), None);
    }
}
