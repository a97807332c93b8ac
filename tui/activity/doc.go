// Package activity knows how to show what was done to the account and what was
// noticed: operations of the journal, events of this run, and instances that no
// known rental made. It must not know other views, nor carry anything out: it
// returns plans.
package activity
