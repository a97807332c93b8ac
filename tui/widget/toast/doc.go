// Package toast knows how long notices stay and how they look.
// It must not know what they are about or what time it is: the time is an argument.
package toast
