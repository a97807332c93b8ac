// Package logs knows how the logs of instances are asked for again and again,
// merged, followed, read and saved. It must not know how a log gets here, nor the
// other views.
package logs
