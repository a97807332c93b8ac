// Command vastdeck is the full-screen terminal program in which people rent GPUs
// on Vast.ai. It only wires the packages together: flags, exit codes, and which
// client, key and folders the program gets.
package main
