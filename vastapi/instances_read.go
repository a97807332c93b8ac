package vastapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
)

const (
	pageSize = 25 // the most the server gives (published description)
	maxPages = 2000
	maxNames = 20 // labels in one filter: they travel in the address
)

// token is the server's mark of where the next page begins. It is opaque.
type token string

// Instances returns everything the account runs, all pages walked.
func (c *Client) Instances(ctx context.Context) (InstancePage, error) {
	return c.InstancesWhere(ctx, nil)
}

// InstancesWhere returns the instances that satisfy a filter on columns of the
// contract (actual_status, gpu_name, verification, id, label …). Computed
// columns such as dph_total are refused by the server.
func (c *Client) InstancesWhere(ctx context.Context, f Filter) (InstancePage, error) {
	all, err := c.walk(ctx, f)
	if IsCode(err, "invalid_token") {
		// The list changed under the walk; what was read may have holes.
		all, err = c.walk(ctx, f)
	}
	return all, err
}

// InstancesByID returns those of the given instances that exist. It is how a few
// of many are read often: 25 a request.
func (c *Client) InstancesByID(ctx context.Context, ids []InstanceID) (InstancePage, error) {
	var all InstancePage
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for some := range slices.Chunk(ids, pageSize) {
		page, err := c.InstancesWhere(ctx, Filter{"id": {"in": some}})
		if err != nil {
			return InstancePage{}, err
		}
		all.add(page)
	}
	return all, nil
}

func (p *InstancePage) add(other InstancePage) {
	p.Instances = append(p.Instances, other.Instances...)
	p.Bad += other.Bad
	p.Total += other.Total
}

// InstancesByLabel returns the instances whose label is one of labels, byte for
// byte. Labels are not unique.
func (c *Client) InstancesByLabel(ctx context.Context, labels []string) (InstancePage, error) {
	var all InstancePage
	for some := range slices.Chunk(labels, maxNames) {
		page, err := c.InstancesWhere(ctx, Filter{"label": {"in": some}})
		if err != nil {
			return InstancePage{}, err
		}
		all.add(page)
	}
	return all, nil
}

// walked is the key of WithWalk.
type walked struct{}

// WithWalk has a walk over pages of instances, done with the returned context, tell
// after each page how many were read and how many the server says there are.
func WithWalk(ctx context.Context, tell func(read, total int)) context.Context {
	return context.WithValue(ctx, walked{}, tell)
}

// walk reads page after page. Rows may move between pages while it does, so
// each id is taken once.
func (c *Client) walk(ctx context.Context, f Filter) (InstancePage, error) {
	var (
		all     InstancePage
		from    token
		tell, _ = ctx.Value(walked{}).(func(read, total int))
		seen    = map[InstanceID]bool{}
		been    = map[token]bool{}
	)
	for range maxPages {
		page, next, err := c.instancePage(ctx, f, from)
		if err != nil {
			return InstancePage{}, err
		}
		for _, i := range page.Instances {
			if !seen[i.ID] {
				seen[i.ID] = true
				all.Instances = append(all.Instances, i)
			}
		}
		all.Bad += page.Bad
		all.Total = max(page.Total, len(all.Instances))
		if tell != nil {
			tell(len(all.Instances), all.Total)
		}
		if next == "" {
			return all, nil
		}
		if been[next] {
			break
		}
		been[next], from = true, next
	}
	return InstancePage{}, &Error{Kind: KindServer, Method: "GET", Path: instancesPath, Message: "the pages of the list never end"}
}

const instancesPath = "/api/v1/instances/"

func (c *Client) instancePage(ctx context.Context, f Filter, from token) (page InstancePage, next token, err error) {
	query, err := instanceQuery(f, from)
	if err != nil {
		return page, "", &Error{Kind: KindRejected, Method: "GET", Path: instancesPath, Message: "the filter cannot be written", Cause: err}
	}
	err = c.get(ctx, RouteInstances, instancesPath, query, func(body []byte) (err error) {
		page, next, err = readInstances(body)
		return err
	})
	return page, next, err
}

// instanceQuery has the same arguments on every page: a token is only good
// together with the filter it was given for.
func instanceQuery(f Filter, from token) (string, error) {
	if f == nil {
		f = Filter{}
	}
	filters, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("writing the filter: %w", err)
	}
	q := url.Values{
		"select_filters": {string(filters)},
		"order_by":       {`[{"col": "id", "dir": "asc"}]`},
		"limit":          {strconv.Itoa(pageSize)},
	}
	if from != "" {
		q.Set("after_token", string(from))
	}
	return q.Encode(), nil
}

func readInstances(body []byte) (InstancePage, token, error) {
	var (
		page InstancePage
		next token
		d    = newSorter()
	)
	err := readAnswer(body, "instances", func(s *scanner, key []byte) (bool, error) {
		switch string(key) {
		case "instances":
			page.Instances = make([]Instance, 0, pageSize)
			return true, d.rows(s, func(s *scanner) error {
				i, err := d.instance(s)
				if err == nil {
					page.Instances = append(page.Instances, i)
				}
				return err
			})
		case "next_token":
			v, err := s.value()
			if err == nil && v.kind == kindString {
				next = token(v.str())
			}
			return true, err
		case "total_instances":
			v, err := s.value()
			page.Total = v.count(0)
			return true, err
		}
		return false, nil
	})
	if err != nil {
		return InstancePage{}, "", err
	}
	page.Bad = d.bad
	return page, next, nil
}

// Instance returns one instance, nil when there is none of that id. It is
// believed to be gone only when the server says so, with 200 and null (seen
// after a destroy) or with a 404 of its own.
func (c *Client) Instance(ctx context.Context, id InstanceID) (*Instance, error) {
	var found *Instance
	err := c.get(ctx, RouteInstance, instancePath(id), "owner=me", func(body []byte) (err error) {
		found, err = readInstance(body)
		return err
	})
	switch {
	case KindOf(err) == KindNotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case found != nil && found.ID != id:
		return nil, &Error{Kind: KindServer, Method: "GET", Path: instancePath(id), Message: "the answer is about another instance"}
	}
	return found, nil
}

// readInstance reads one object under a plural key.
func readInstance(body []byte) (*Instance, error) {
	var found *Instance
	d := newSorter()
	err := readAnswer(body, "instances", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "instances" {
			return false, nil
		}
		switch s.peek() {
		case '{':
			i, err := d.instance(s)
			found = &i
			return true, err
		case '[':
			return true, s.array(func() error {
				i, err := d.instance(s)
				found = &i
				return err
			})
		}
		v, err := s.value()
		if err == nil && v.kind != kindNull {
			err = errObject
		}
		return true, err
	})
	if err != nil {
		return nil, errors.Join(errors.New("the instance cannot be read"), err)
	}
	return found, nil
}
