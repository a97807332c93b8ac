// Package queryline knows how a query is typed: one line with a prompt, a cursor, a mark on what is wrong, chips behind it and candidates below it.
// It must not know what a query means, what it finds or when it is sent.
package queryline
