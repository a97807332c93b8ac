// Package sessions knows how what is open to instances over ssh is shown and
// asked about: connections, tunnels, copies, keys and why a connection fails. It
// must not know other views, nor speak ssh itself: it returns commands and plans.
package sessions
