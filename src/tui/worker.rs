//! The threads that ask the session, so that no key ever waits for a disk.
//!
//! Two lanes take requests one after the other: scans on one, everything else
//! on the other, so that an article opens while a scan runs. A repair waits for
//! a running scan to stop before it begins.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::session::{ExitClass, Prepared, Progress, Session, SessionError};

use super::effect::{Answer, Report, Request, Ticket};

/// Both lanes, and what is under way in them.
pub struct Worker {
    scans: Sender<Job>,
    others: Sender<Job>,
    reports: Receiver<Report>,
    under_way: HashMap<Ticket, Arc<AtomicBool>>,
}

struct Job {
    ticket: Ticket,
    request: Request,
    cancel: Arc<AtomicBool>,
}

impl Worker {
    /// Starts both lanes. They end with the worker.
    pub fn start(session: &Session) -> Self {
        let (report, reports) = channel();
        let scanning = Arc::new(Mutex::new(()));
        let lane = || {
            let (jobs, queue) = channel();
            let lane = Lane {
                session: session.clone(),
                report: report.clone(),
                scanning: Arc::clone(&scanning),
                plans: VecDeque::new(),
            };
            thread::spawn(move || lane.run(&queue));
            jobs
        };
        Self { scans: lane(), others: lane(), reports, under_way: HashMap::new() }
    }

    /// Hands a request over.
    pub fn ask(&mut self, ticket: Ticket, request: Request) {
        let cancel = Arc::new(AtomicBool::new(false));
        self.under_way.insert(ticket, Arc::clone(&cancel));
        let lane = if matches!(request, Request::Scan { .. }) { &self.scans } else { &self.others };
        // A lane ends only with the worker.
        let _ = lane.send(Job { ticket, request, cancel });
    }

    /// Gives up on a request, as far as it can still be given up.
    pub fn cancel(&self, ticket: Ticket) {
        if let Some(cancel) = self.under_way.get(&ticket) {
            cancel.store(true, Ordering::Relaxed);
        }
    }

    /// The next answer, if there is one.
    pub fn answer(&mut self) -> Option<Report> {
        let report = self.reports.try_recv().ok()?;
        if !matches!(report.answer, Answer::Progress(_)) {
            self.under_way.remove(&report.ticket);
        }
        Some(report)
    }

    /// Whether an answer is still to come.
    pub fn is_busy(&self) -> bool {
        !self.under_way.is_empty()
    }
}

/// Going back and forth between a few plans must not lose them; all the plans
/// of a long night must not be kept.
const PLANS_MAX: usize = 8;

struct Lane {
    session: Session,
    report: Sender<Report>,
    /// Held while a scan reads and while a repair writes.
    scanning: Arc<Mutex<()>>,
    plans: VecDeque<(Ticket, Prepared)>,
}

impl Lane {
    fn run(mut self, queue: &Receiver<Job>) {
        let mut waiting = VecDeque::new();
        while let Ok(job) = queue.recv() {
            waiting.push_back(job);
            while let Some(job) = waiting.pop_front() {
                waiting.extend(queue.try_iter());
                let answer = if is_superseded(&job.request, &waiting) {
                    Answer::Failed(SessionError::new(ExitClass::Refused, "asked again since"))
                } else {
                    self.answer_contained(&job)
                };
                if self.report.send(Report { ticket: job.ticket, answer }).is_err() {
                    return;
                }
            }
        }
    }

    /// A panic costs the answer, not the interface.
    fn answer_contained(&mut self, job: &Job) -> Answer {
        let answered = catch_unwind(AssertUnwindSafe(|| self.answer(job)));
        let answer = answered.unwrap_or_else(|_| {
            let error = SessionError::new(ExitClass::RolledBack, "pemedic made a mistake of its own there")
                .next("what it had begun to write is finished or rolled back at the next start or with F5");
            Err(error)
        });
        answer.unwrap_or_else(Answer::Failed)
    }

    fn answer(&mut self, job: &Job) -> Result<Answer, SessionError> {
        let session = &self.session;
        Ok(match &job.request {
            Request::Targets => Answer::Targets(session.targets()?),
            Request::Search { text, scan } => Answer::Found(session.search(text, scan.as_deref())),
            Request::Explain { text } => Answer::Explained(session.explain(text)),
            Request::Article { name } => Answer::Article(Box::new(session.article(name)?.clone())),
            Request::Recover { target } => {
                Answer::Recovered(session.with_target(target).recover(&mut self.observer(job))?)
            }
            Request::Scan { target } => self.scan(target, job)?,
            Request::Plan { target, fixes, choices } => {
                let prepared = session.with_target(target).plan(fixes, choices)?;
                self.keep(job.ticket, prepared)
            }
            Request::PlanUndo { target, receipt, choices } => {
                let prepared = session.with_target(target).undo_plan(Some(receipt), &[], choices)?;
                self.keep(job.ticket, prepared)
            }
            Request::Apply { target, plan, confirmed } => {
                let confirmation = confirmed.confirmation();
                self.apply(target, *plan, confirmation, job)?
            }
            Request::History { target } => Answer::History(session.with_target(target).history()?),
            Request::Tick { target, receipt, item, done } => {
                session.with_target(target).tick(receipt, *item, *done)?;
                Answer::Ticked
            }
            Request::Hives { target } => Answer::Hives(session.with_target(target).reg_roots()?),
            Request::Key { target, key } => Answer::Key(session.with_target(target).reg_query(key, false)?),
        })
    }

    fn scan(&self, target: &Path, job: &Job) -> Result<Answer, SessionError> {
        let _reading = self.scanning.lock().unwrap_or_else(PoisonError::into_inner);
        let session = self.session.with_target(target);
        Ok(Answer::Scanned(session.scan(&mut self.observer(job), &job.cancel)?))
    }

    fn apply(
        &self,
        target: &Path,
        plan: Ticket,
        confirmation: crate::session::Confirmation,
        job: &Job,
    ) -> Result<Answer, SessionError> {
        let Some((_, prepared)) = self.plans.iter().find(|(ticket, _)| *ticket == plan) else {
            let error = SessionError::refused("the plan is no longer there; nothing was written");
            return Err(error.next("go back and look at the preview again"));
        };
        let _writing = self.scanning.lock().unwrap_or_else(PoisonError::into_inner);
        let session = self.session.with_target(target);
        let report = session.apply(prepared, confirmation, &mut self.observer(job), &job.cancel)?;
        Ok(Answer::Applied(Box::new(report)))
    }

    fn keep(&mut self, ticket: Ticket, prepared: Prepared) -> Answer {
        let plan = Box::new(prepared.plan().clone());
        if self.plans.len() == PLANS_MAX {
            self.plans.pop_front();
        }
        self.plans.push_back((ticket, prepared));
        Answer::Planned(plan)
    }

    /// Sends every step on.
    fn observer(&self, job: &Job) -> impl FnMut(&Progress) + use<> {
        let (report, ticket) = (self.report.clone(), job.ticket);
        move |progress: &Progress| {
            // Whoever would have read it has gone.
            let _ = report.send(Report { ticket, answer: Answer::Progress(progress.clone()) });
        }
    }
}

/// While one types, only the last search counts.
fn is_superseded(request: &Request, waiting: &VecDeque<Job>) -> bool {
    let newer = |like: fn(&Request) -> bool| waiting.iter().any(|job| like(&job.request));
    match request {
        Request::Search { .. } => newer(|request| matches!(request, Request::Search { .. })),
        Request::Explain { .. } => newer(|request| matches!(request, Request::Explain { .. })),
        _ => false,
    }
}
