//! tantivy: BM25 over the whole text.

use tantivy::collector::TopDocs;
use tantivy::query::QueryParser;
use tantivy::schema::{Field, STORED, Schema, TEXT, Value};
use tantivy::{Index, Searcher, TantivyDocument, doc};

use crate::words;

/// An index in memory.
pub(crate) struct FullText {
    searcher: Searcher,
    parser: QueryParser,
    number: Field,
}

impl FullText {
    /// Indexes texts on two threads.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut schema = Schema::builder();
        let number = schema.add_u64_field("number", STORED);
        let body = schema.add_text_field("body", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(2, 100_000_000).expect("a writer in memory");
        for (at, text) in (0_u64..).zip(texts) {
            writer.add_document(doc!(number => at, body => text)).expect("room in memory");
        }
        writer.commit().expect("room in memory");
        let searcher = index.reader().expect("a reader").searcher();
        Self { searcher, parser: QueryParser::for_index(&index, vec![body]), number }
    }

    /// The best texts for any of the words.
    pub(crate) fn search(&self, text: &str) -> Vec<usize> {
        let (query, _) = self.parser.parse_query_lenient(&words(text).join(" "));
        let found = self.searcher.search(&query, &TopDocs::with_limit(10)).unwrap_or_default();
        let number = |address| {
            let document: TantivyDocument = self.searcher.doc(address).ok()?;
            usize::try_from(document.get_first(self.number)?.as_u64()?).ok()
        };
        found.into_iter().filter_map(|(_, address)| number(address)).collect()
    }
}
