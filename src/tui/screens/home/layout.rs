//! Who gets how many rows: the part that has the focus, and the results of a
//! search, get what the others can spare.

use ratatui::layout::Rect;

use super::Part;

/// Rows of the parts, relative to the body; lists as areas.
pub(super) struct Places {
    pub(super) targets_heading: Option<u16>,
    pub(super) targets: Rect,
    pub(super) search: u16,
    /// How many lines of what was understood have place.
    pub(super) understood: u16,
    pub(super) hint: bool,
    pub(super) results: Rect,
    /// Lines of one result.
    pub(super) result_rows: u16,
    pub(super) findings_heading: u16,
    pub(super) findings: Rect,
}

/// Below this the parts stand without air between them.
const ROOMY_ROWS: u16 = 16;

impl Places {
    /// `understood` is how many lines were understood, `None` without a search.
    pub(super) fn new(area: Rect, part: Part, targets: usize, understood: Option<usize>) -> Self {
        let roomy = area.height >= ROOMY_ROWS;
        let gap = u16::from(roomy);
        let heading = u16::from(roomy || part == Part::Targets);
        let target_rows = count(targets.max(1)).min(target_rows_max(roomy, part == Part::Targets));
        let search = heading + target_rows + gap;
        let understood_rows = count(understood.unwrap_or(0)).min(if roomy { 3 } else { 1 });
        let fixed = search + 2 + understood_rows;
        let left = area.height.saturating_sub(fixed + gap + 1);
        let (results, findings) = match (understood, part) {
            (None, _) => (0, left.saturating_sub(gap)),
            (Some(_), Part::Findings) => (left / 4, left - left / 4),
            (Some(_), _) => (left - left / 4, left / 4),
        };
        let hint = understood.is_none() && roomy;
        let findings_heading = fixed + results + gap + u16::from(hint);
        let rows = |y: u16, height: u16| {
            let y = y.min(area.height);
            Rect { y: area.y + y, height: height.min(area.height - y), ..area }
        };
        Self {
            targets_heading: (heading > 0).then_some(0),
            targets: rows(heading, target_rows),
            search,
            understood: understood_rows,
            hint,
            results: rows(fixed, results),
            result_rows: if roomy && results >= 4 { 2 } else { 1 },
            findings_heading,
            findings: rows(findings_heading + 1, findings),
        }
    }
}

fn target_rows_max(roomy: bool, focus: bool) -> u16 {
    match (roomy, focus) {
        (true, true) => 8,
        (true, false) => 3,
        (false, true) => 4,
        (false, false) => 1,
    }
}

fn count(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_reaches_beyond_the_body_or_into_another() {
        for height in 1..60 {
            for targets in [0, 1, 2, 9] {
                for understood in [None, Some(0), Some(5)] {
                    for part in [Part::Search, Part::Findings, Part::Targets] {
                        let area = Rect::new(0, 3, 80, height);
                        let places = Places::new(area, part, targets, understood);
                        assert!(places.findings.bottom() <= area.bottom());
                        assert!(places.targets.bottom() <= (area.y + places.search).min(area.bottom()));
                        assert!(
                            places.results.bottom()
                                <= (area.y + places.findings_heading).max(places.results.y)
                        );
                    }
                }
            }
        }
    }
}
