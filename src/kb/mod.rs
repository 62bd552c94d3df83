//! The knowledge base: articles, fix blocks, error codes, search.
