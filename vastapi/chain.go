package vastapi

import (
	"bytes"
	"context"
	"net/http"
	"time"
)

// request is one question to the API before it becomes HTTP.
type request struct {
	method string
	path   string // with its trailing slash
	query  string // encoded
	body   []byte // nil for a GET
	route  Route
	write  bool // changes the account: sent once, whatever happens
	size   int64
	total  time.Duration
	// read makes sense of a good answer. It runs inside the chain, so that an
	// answer cut short counts as a failed try.
	read func(body []byte) error

	slot *slot // in its route's budget, when it has one

	secrets []string // texts of the request that no error may hold

	// untouched is set when it is certain that no byte of the request left.
	untouched bool
}

// answer is what came back, with the body read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte        // nil once a read has made sense of it
	buf    *bytes.Buffer // that body stands in
}

// link is one part of the chain a request passes. The answer may be there
// beside an error: a refused create can name a contract.
type link func(context.Context, *request) (*answer, error)

// get asks for path and has read make sense of the answer.
func (c *Client) get(ctx context.Context, route Route, path, query string, read func([]byte) error) error {
	_, err := c.chain(ctx, &request{
		method: http.MethodGet, path: path, query: query, route: route,
		size: maxAnswer, total: c.limits.Total, read: read,
	})
	return err
}
