// Package run knows how a command line is run on instances, which way each of them
// takes, and how what came of it is shown host by host. It must not know how a
// command gets there, nor change anything itself: what goes through the API is a plan.
package run
