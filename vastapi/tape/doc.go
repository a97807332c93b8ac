// Package tape knows how the requests and answers of a session are written to a file
// without what is secret, and played from it. It must not know what the answers mean,
// nor that there is a terminal.
//
// A file is lines of JSON: a header with a version, then one line for each request with
// the time since the header, how long the answer took, and both bodies. What is left out
// of them: keys and tokens, e-mail addresses and names of people, values of variables,
// start scripts, arguments, registry logins, ssh keys, addresses of the network, and texts
// that were fetched from elsewhere (logs, what commands print). A text that was left out
// in one place is left out wherever else it stands. Names of instances, images and
// commands stay: a recording is for looking at.
package tape
