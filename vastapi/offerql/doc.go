// Package offerql knows the query language of the marketplace: how a line such
// as "gpu_name=RTX_4090 num_gpus>=2 dph<0.6 4090 -CN" is read, what it admits
// and what it becomes in a search. It must not know who asks, where offers come
// from, or that there is a terminal.
//
// # Terms
//
// A query is a list of terms; an offer must satisfy all of them.
//
//	num_gpus>=2            field, operator, value; spaces around the operator are free
//	gpu_name in [A, B]     one of; also gpu_name=A,B and gpu_name=A|B
//	gpu_ram=24..48         from, to, both included
//	verified=any           the field does not matter; takes away a default; also region=all
//	external=null          the column is not told
//	4090                   a word: a GPU, a country, a region, or any text of the offer
//	-CN                    not that word
//	4090|5090              either word
//	"new york"             a word with a space in it
//	!CN                    the same as -CN
//	~^RTX.40               any text of the offer is like this regular expression
//	-~xeon                 none is; also !~xeon
//	gpu_name~"^RTX 40"     the text of a field is like it; also gpu_name!~TI$
//
// Operators are = == != > >= < <= and the words eq neq gt gte lt lte in nin
// notin, "not in", "not eq", "noteq", and ~ and !~ for texts. Underscores in names stand for spaces, as
// in the official client. Numbers may carry units (24GB, 1TB, 12h, 99%, $0.60).
//
// # Words
//
// A word that is a country code, a country or a region of the built-in table
// means the country alone; one that occurs in the name of a GPU of the built-in
// catalogue, with its spaces or without (rtx4090), means the GPU name alone. Both
// can be asked of the server. Any other
// word is looked for in the GPU name, the place, the CPU name and the host and
// machine ids, locally only.
//
// # Patterns
//
// A pattern is a regular expression as Go's regexp has them, letters in any case.
// It goes to the next space, or stands in quotes, so that a|b in it is its own "or".
// It is looked for in each text by itself: the GPU name, the place, the CPU name
// and the host and machine ids. Patterns are applied locally only, have at most 128
// bytes, and take time in proportion to the texts.
//
// # Other tables
//
// The same language can be spoken about other things than offers, over a table of
// fields of their own: see Rows. There a word is looked for in all texts that the
// table says, a GPU too; one that is a country or a region means that, or the word
// standing by itself in a text. Texts are compared with letters in any case.
//
// # Unknown values
//
// A column that is null satisfies no comparison, whichever way it is put; only
// field=null finds it.
package offerql
