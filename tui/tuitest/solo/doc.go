// Package solo knows how a single view is pressed and looked at in a test, as the root does it but without a program.
// It must not know any view, nor what a view is about: it takes the contract and the surroundings the test has made.
package solo
