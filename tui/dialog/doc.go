// Package dialog knows how questions are asked: forms, the confirmation of a
// plan, its progress, the help and the question before leaving. It must not
// know what a plan changes, nor carry one out.
package dialog
