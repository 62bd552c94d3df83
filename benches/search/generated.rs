//! Articles as many and as long as wanted, alike in size and make-up to the
//! built-in ones, the same for every run.

use std::fmt::Write as _;

use pemedic::kb::article::{Article, Event};

/// Words that articles about Windows are made of; the rest of the vocabulary is
/// syllables.
const WORDS: &[&str] = &[
    "windows",
    "update",
    "service",
    "registry",
    "driver",
    "boot",
    "failed",
    "start",
    "error",
    "key",
    "value",
    "system",
    "device",
    "disk",
    "keyboard",
    "mouse",
    "network",
    "profile",
    "user",
    "logon",
    "screen",
    "blue",
    "stop",
    "file",
    "missing",
    "corrupt",
    "install",
    "restart",
    "repair",
    "hive",
    "permission",
    "access",
    "denied",
    "printer",
    "audio",
    "display",
    "firewall",
    "policy",
    "group",
    "server",
    "client",
    "domain",
    "account",
    "password",
    "volume",
    "partition",
    "controller",
    "storage",
    "filter",
    "upper",
    "lower",
    "class",
    "control",
    "set",
    "session",
    "manager",
    "pending",
    "rename",
    "package",
    "component",
    "store",
    "servicing",
    "stack",
    "certificate",
    "signature",
    "cryptographic",
    "time",
    "zone",
    "event",
    "log",
    "source",
    "message",
    "code",
    "desktop",
    "remote",
    "connection",
    "license",
    "activation",
    "recovery",
    "environment",
    "image",
    "backup",
    "restore",
    "point",
    "antivirus",
    "malware",
    "shell",
    "explorer",
    "taskbar",
    "search",
    "index",
    "cache",
    "memory",
    "dump",
    "crash",
    "loop",
    "black",
    "white",
    "cursor",
    "usb",
    "port",
];

const SYLLABLES: &[&str] = &[
    "ba", "co", "di", "fe", "gor", "hin", "jo", "kel", "lum", "mar", "nes", "ol", "per", "qui", "ros", "sta",
    "tir", "ul", "ver", "wex", "yan", "zor", "brim", "clo", "dra", "fin",
];

const SERVICES: &[&str] = &[
    "BITS",
    "wuauserv",
    "SENS",
    "Dhcp",
    "Dnscache",
    "TermService",
    "Netlogon",
    "gpsvc",
    "ProfSvc",
    "EventSystem",
    "CryptSvc",
    "TrustedInstaller",
    "W3SVC",
    "Spooler",
    "MpsSvc",
    "BFE",
    "LanmanServer",
    "LanmanWorkstation",
    "Winmgmt",
];

/// A small generator of numbers that is the same everywhere (xorshift).
pub(crate) struct Numbers(u64);

impl Numbers {
    /// From a seed that is not 0.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// A word: mostly a common one, often a rarer one, as in real texts.
    pub(crate) fn word(&mut self) -> String {
        if self.below(10) < 7 {
            let rank = self.below(WORDS.len()).min(self.below(WORDS.len()));
            return WORDS[rank].to_owned();
        }
        let mut word = String::new();
        // 26^3 + 26^2 words at most: what 10,000 articles use between them.
        for _ in 0..2 + self.below(2) {
            word.push_str(SYLLABLES[self.below(SYLLABLES.len())]);
        }
        word
    }

    /// A sentence of some words.
    pub(crate) fn sentence(&mut self, words: usize) -> String {
        let words: Vec<String> = (0..words).map(|_| self.word()).collect();
        words.join(" ")
    }
}

fn list<T>(
    numbers: &mut Numbers,
    least: usize,
    most: usize,
    mut one: impl FnMut(&mut Numbers) -> T,
) -> Vec<T> {
    let count = least + numbers.below(most - least + 1);
    (0..count).map(|_| one(numbers)).collect()
}

fn body(numbers: &mut Numbers) -> String {
    let mut body = String::new();
    for heading in ["Symptoms", "Cause", "Resolution", "More information"] {
        let _ = writeln!(body, "## {heading}\n");
        for _ in 0..3 {
            let length = 25 + numbers.below(20);
            let _ = writeln!(body, "{}.\n", numbers.sentence(length));
        }
    }
    let (service, value) = (numbers.word(), numbers.word());
    let _ = writeln!(
        body,
        "```toml fix\nid = \"fix\"\n[[step]]\nkey = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\{service}\\Parameters'\nset = {{ {value} = 1 }}\n```"
    );
    body
}

/// So many articles.
pub(crate) fn articles(count: usize) -> Vec<Article> {
    let mut numbers = Numbers::new(0x9E37_79B9_7F4A_7C15);
    let article = |at: usize| {
        let numbers = &mut numbers;
        Article {
            id: format!("{}-{at}", numbers.word()),
            title: numbers.sentence(9),
            aliases: Vec::new(),
            products: vec!["Windows 10".to_owned(), "Windows Server 2019".to_owned()],
            applies_to: Vec::new(),
            codes: list(numbers, 1, 4, |n| match n.below(3) {
                0 => format!("0x8024{:04X}", n.below(0x1_0000)),
                1 => format!("0x800F{:04X}", n.below(0x1000)),
                _ => (1000 + n.below(3000)).to_string(),
            }),
            events: list(numbers, 0, 3, |n| Event {
                source: "Service Control Manager".to_owned(),
                id: 7000 + u32::try_from(n.below(45)).unwrap_or(0),
            }),
            services: list(numbers, 0, 3, |n| SERVICES[n.below(SERVICES.len())].to_owned()),
            messages: list(numbers, 1, 4, |n| n.sentence(12)),
            phrases: list(numbers, 3, 6, |n| n.sentence(6)),
            references: Vec::new(),
            related: Vec::new(),
            body: body(numbers),
            body_line: 30,
            fixes: Vec::new(),
            pack: "generated".to_owned(),
            trusted: true,
        }
    };
    (0..count).map(article).collect()
}

/// What is on the line after each key of somebody who types queries.
pub(crate) fn keystrokes(articles: &[Article], queries: usize) -> Vec<String> {
    let mut numbers = Numbers::new(0xD1B5_4A32_D192_ED03);
    let mut lines = Vec::new();
    for at in 0..queries {
        let article = &articles[numbers.below(articles.len())];
        let query = match at % 5 {
            0 => article.codes[0].clone(),
            1 => article.phrases[0].clone(),
            2 => format!("{} {}", article.title.split(' ').nth(2).unwrap_or(""), article.phrases[1]),
            3 => {
                let mut typo = article.phrases[2].clone();
                let places: Vec<usize> = typo.char_indices().map(|(place, _)| place).collect();
                typo.remove(places[numbers.below(places.len())]);
                typo
            }
            _ => format!(
                "error {} {}",
                1000 + numbers.below(1000),
                article.services.first().map_or("", String::as_str)
            ),
        };
        lines.extend(query.char_indices().map(|(place, c)| query[..place + c.len_utf8()].to_owned()));
    }
    lines
}

/// A log of so many bytes, with the words and codes of an article in it.
pub(crate) fn log(article: &Article, size: usize) -> String {
    let mut numbers = Numbers::new(0xA076_1D64_78BD_642F);
    let mut log = String::with_capacity(size + 200);
    let mut line = 0;
    while log.len() < size {
        line += 1;
        let _ = write!(
            log,
            "2018-05-14 07:{:02}:{:02}, Info                  CBS    ",
            line / 60 % 60,
            line % 60
        );
        match numbers.below(40) {
            0 => {
                let _ = writeln!(
                    log,
                    "Failed [HRESULT = 0x{:08x} - Unknown Error]",
                    numbers.next() & 0xFFFF_FFFF
                );
            }
            1 => log.push_str(
                "C:\\Windows\\System32\\drivers\\xyz.sys at HKLM\\SYSTEM\\CurrentControlSet\\Services\\xyz\n",
            ),
            _ => {
                let _ = writeln!(
                    log,
                    "{} Package_for_KB4462926~31bf3856ad364e35~amd64~~6.3.1.5",
                    numbers.sentence(9)
                );
            }
        }
        if line == 4000 {
            let _ = writeln!(log, "Error {} {}", article.codes[0], article.messages[0]);
        }
    }
    log
}
