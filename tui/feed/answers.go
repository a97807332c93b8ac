package feed

// Answers reports whether a row of the market came with its newest search. Rows
// of others may linger beside them, and nobody asked for them with that filter.
func (m Market) Answers(r *Row) bool { return r.search == m.search }
