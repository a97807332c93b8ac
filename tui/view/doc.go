// Package view is the contract between the program and its screens. It must
// not know any screen.
package view
