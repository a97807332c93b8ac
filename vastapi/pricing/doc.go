// Package pricing knows what things on Vast.ai cost: offers, instances, volumes
// and an account as a whole. It must not know the time, the network or who asks:
// every function is arithmetic on what it is given.
//
// An unknown number (NaN) makes every sum it enters unknown, so that a price
// that is not known can never pass for a low one. A month has 720 hours.
package pricing
