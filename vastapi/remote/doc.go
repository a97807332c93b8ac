// Package remote knows how to get into an instance with the system's own OpenSSH:
// where it answers, the exact arguments, connections that are shared and listed,
// tunnels, copies, commands, host keys and what is wrong when it does not work. It
// must not know the screen, nor change anything of the account.
package remote
