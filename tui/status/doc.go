// Package status knows how the states of an instance are drawn: one of them, and those that the polls of a run have
// shown. It must not know who shows them, nor how they are told from what the API says.
package status
