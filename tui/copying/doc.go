// Package copying knows what can be copied and how it is chosen: the copy menu of every view, its lines and their
// letters, and what an instance comes to as ids, addresses, lines of a shell, tables and JSON. It must not know the
// clipboard, nor change anything: a line that is chosen becomes a view.Copy.
package copying
