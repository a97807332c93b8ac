// Package chooser knows how some of many things are chosen and put in order: a list with marks, a filter and a sentence about the current one.
// It must not know what the things are or what the choice is for.
package chooser
