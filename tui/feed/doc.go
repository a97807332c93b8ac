// Package feed knows the last good answer for each collection of API data, how
// old it is and what went wrong since. It must not ask for data or draw it.
package feed
