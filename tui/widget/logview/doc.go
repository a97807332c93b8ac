// Package logview knows how a log is read while it is still being written: it is fed piece by piece, followed, filtered and searched.
// It must not know whose log it is, how its lines are fetched or where copies of them go.
//
// Memory is bounded. The newest MaxLines lines of at most MaxBytes bytes are held, with about 60 bytes more for each and
// 8 for each that a filter shows: a full log takes about 25 MB. Besides these every source keeps as many of its lines as
// its longest tail had, also when younger lines of others have taken their place. Older lines go and are counted.
//
// Time is bounded too. Drawing looks at the lines on the screen only. Filtering and searching look at no more than a
// bounded piece of the log in each call of Update, Append, MergeTail and Work; while Working reports true the owner calls
// Work again, each time in a message of its own.
//
// Lines of one source keep their order. Lines of several sources stand in the order in which they came, except that
// lines that carry timestamps, with those that follow them without one, are sorted in among the newest ones of the other
// sources. A time that names no zone counts only among the first lines of a source.
package logview
