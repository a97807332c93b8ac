package vastapi

import (
	"context"
	"slices"

	"vastdeck/vastapi/safetext"
)

// UserRaw returns the account as the server gives it now: JSON, one field a line, in the
// server's order, inert. Keys, tokens and whatever else is secret in it are masked on
// arrival; names, addresses and money stay.
func (c *Client) UserRaw(ctx context.Context) (*safetext.Lines, error) {
	var lines *safetext.Lines
	err := c.get(ctx, RouteUser, "/api/v0/users/current/", "", func(body []byte) error {
		if _, err := readUser(body); err != nil {
			return err
		}
		lines = c.concealer().lines(body, concealer.shown)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// APIKeyRaw returns one key of the account as the server gives it now, as UserRaw does;
// the key itself is masked, should it be in it. The API gives keys as a list. One that
// does not exist is a KindNotFound error.
func (c *Client) APIKeyRaw(ctx context.Context, id int64) (*safetext.Lines, error) {
	const path = "/api/v0/auth/apikeys/"
	var lines *safetext.Lines
	err := c.get(ctx, RouteAPIKeys, path, "", func(body []byte) error {
		d := newSorter()
		return d.list(body, "apikeys", func(s *scanner) error {
			start := s.i
			k, err := d.apiKey(s)
			if err == nil && k.ID == id && lines == nil {
				lines = c.concealer().lines(s.b[start:s.i], concealer.shown)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if lines == nil {
		return nil, &Error{Kind: KindNotFound, Method: "GET", Path: path, Message: "the account has this API key no more"}
	}
	return lines, nil
}

// EnvVarsRaw returns the answer about the account's variables as it comes now, as UserRaw
// does. Every value is masked, whatever the server made of it: the names stay.
func (c *Client) EnvVarsRaw(ctx context.Context) (*safetext.Lines, error) {
	var lines *safetext.Lines
	err := c.get(ctx, RouteEnvVars, secretsPath, "", func(body []byte) error {
		if _, err := readEnvVars(body); err != nil {
			return err
		}
		lines = c.concealer().lines(body, concealer.variables)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// AuditRaw returns one line of the log of requests as the server gives it now, as UserRaw
// does; it is known again by all that AuditLog told of it. Arguments that may be secret
// are masked. One that the log does not hold any more is a KindNotFound error.
func (c *Client) AuditRaw(ctx context.Context, of AuditEntry) (*safetext.Lines, error) {
	const path = "/api/v0/audit_logs/"
	var lines *safetext.Lines
	err := c.get(ctx, RouteAudit, path, "", func(body []byte) error {
		d := newSorter()
		return d.list(body, "audit_logs", func(s *scanner) error {
			start := s.i
			e, err := d.audited(s)
			if err == nil && lines == nil && e.same(of) {
				lines = c.concealer().lines(s.b[start:s.i], concealer.audited)
			}
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	if lines == nil {
		return nil, &Error{Kind: KindNotFound, Method: "GET", Path: path, Message: "the log does not hold this line any more"}
	}
	return lines, nil
}

// same reports whether two lines of the log are one.
func (e AuditEntry) same(o AuditEntry) bool {
	return e.At.Equal(o.At) && e.Key == o.Key && e.IP.Wire() == o.IP.Wire() && e.Route.Wire() == o.Route.Wire() &&
		slices.EqualFunc(e.Args, o.Args, func(a, b AuditArg) bool { return a.Name.Wire() == b.Name.Wire() && a.Value.Wire() == b.Value.Wire() })
}
