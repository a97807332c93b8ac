package remote

import (
	"context"
	"errors"
	"net"
	"syscall"
)

// Probe opens and closes a TCP connection to e within ProbeLimit. The error is a Failure.
func (c *Client) Probe(ctx context.Context, e Endpoint) error {
	if err := e.check(c.o.AllowHosts); err != nil {
		return &Failure{Kind: FailNoWay, Sentence: refusedBad, cause: err}
	}
	ctx, cancel := context.WithTimeout(ctx, ProbeLimit)
	defer cancel()
	conn, err := c.o.Dial(ctx, "tcp", e.Address())
	if err == nil {
		return conn.Close()
	}
	return dialFailure(err)
}

// dialFailure says why a TCP connection could not be made.
func dialFailure(err error) *Failure {
	var name *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &name):
		return failureOfKind(FailUnreachable, err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return failureOfKind(FailRefused, err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return failureOfKind(FailTimeout, err)
	}
	return failureOfKind(FailUnreachable, err)
}

// failureOfKind is the failure in the words that are used for it everywhere.
func failureOfKind(k FailureKind, cause error) *Failure {
	for _, s := range signs {
		if s.kind == k {
			return &Failure{Kind: k, Sentence: s.sentence, Next: s.next, cause: cause}
		}
	}
	return &Failure{Kind: k, Sentence: "ssh failed.", cause: cause}
}
