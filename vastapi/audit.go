package vastapi

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// AuditEntry is one line of the account's log of requests (GET /api/v0/audit_logs/).
type AuditEntry struct {
	At    time.Time     // zero = not told
	Key   int64         // the id of the API key that was used; 0 = not told
	IP    safetext.Text // where the request came from
	Route safetext.Text // what was asked for, as the server names it: "PUT /api/v0/asks/77/", "api.instance.reboot"
	Args  []AuditArg    // those that say what was asked for, by name; values that may be secret are masked
	// Objects are the ids that the route and the arguments name, e.g. of instances.
	Objects []int64
}

// AuditArg is one argument of a request.
type AuditArg struct {
	Name  safetext.Text
	Value safetext.Text // as JSON without quotes; "…" = not kept
}

// mostAudited is how many lines of the log are kept, the newest.
const mostAudited = 2000

// AuditLog returns the log of what was asked of the account, the newest first; cut
// reports that older lines were left out.
func (c *Client) AuditLog(ctx context.Context) (list []AuditEntry, cut bool, err error) {
	err = c.get(ctx, RouteAudit, "/api/v0/audit_logs/", "", func(body []byte) (err error) {
		list, err = readAudit(body)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	if len(list) > mostAudited {
		return slices.Clip(list[:mostAudited]), true, nil
	}
	return list, false, nil
}

func readAudit(body []byte) ([]AuditEntry, error) {
	list, d := []AuditEntry{}, newSorter()
	err := d.list(body, "audit_logs", func(s *scanner) error {
		e, err := d.audited(s)
		if err == nil {
			list = append(list, e)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b AuditEntry) int { return b.At.Compare(a.At) })
	return list, nil
}

// audited reads one line: ip_address, api_key_id, created_at, api_route, args
// (official client). Arguments come as an object or as one in a text.
func (d *sorter) audited(s *scanner) (AuditEntry, error) {
	e := AuditEntry{}
	var args []byte
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "ip_address":
			e.IP = d.text(v)
		case "api_key_id":
			e.Key, _ = v.id()
		case "created_at":
			e.At = v.when()
		case "api_route":
			e.Route = d.text(v)
			// Some clients send their key in the address.
			if route := e.Route.Wire(); MaskScript(route) != route {
				e.Route = safetext.New(MaskScript(route))
			}
		case "args":
			switch v.kind {
			case kindObject:
				args = v.raw
			case kindString:
				args = []byte(v.str())
			}
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	e.Args, e.Objects = d.auditArgs(args)
	for part := range strings.FieldsFuncSeq(e.Route.Wire(), func(r rune) bool { return r < '0' || r > '9' }) {
		e.addObject(value{kind: kindNumber, raw: []byte(part)})
	}
	return e, nil
}

// plainArgs are the arguments whose values are kept: none of them is secret.
var plainArgs = []string{
	"id", "ids", "instance_id", "instance_ids", "ask_id", "machine_id", "volume_id", "key_id", "pending_increase_id",
	"state", "label", "price", "disk", "image", "size", "amount", "runtype", "template_hash_id", "target_state", "client_id",
	"src_id", "dst_id", "limit", "key", "name", "region",
}

// objectArgs are those that name objects.
var objectArgs = []string{"id", "ids", "instance_id", "instance_ids", "ask_id", "machine_id", "volume_id", "key_id", "src_id", "dst_id"}

// mostArgs is how many arguments of a line are kept.
const mostArgs = 16

func (d *sorter) auditArgs(raw []byte) ([]AuditArg, []int64) {
	e := AuditEntry{}
	s := scanner{b: raw}
	if s.peek() != '{' {
		return nil, nil
	}
	_ = s.fields(func(key []byte, v value) error {
		name := string(key)
		if len(e.Args) < mostArgs {
			shown := safetext.New(masked)
			if slices.Contains(plainArgs, name) {
				shown = d.text(value{kind: kindString, raw: v.raw, escaped: v.escaped})
			}
			e.Args = append(e.Args, AuditArg{Name: safetext.New(name), Value: shown})
		}
		if slices.Contains(objectArgs, name) {
			e.addObjects(v)
		}
		return nil
	})
	slices.SortStableFunc(e.Args, func(a, b AuditArg) int { return cmp.Compare(a.Name.Wire(), b.Name.Wire()) })
	return e.Args, e.Objects
}

func (e *AuditEntry) addObjects(v value) {
	if v.kind != kindArray {
		e.addObject(v)
		return
	}
	s := scanner{b: v.raw}
	_ = s.array(func() error {
		v, err := s.value()
		if err == nil {
			e.addObject(v)
		}
		return err
	})
}

// mostObjects is how many ids of a line are kept.
const mostObjects = 64

func (e *AuditEntry) addObject(v value) {
	id, ok := v.id()
	if ok && id >= 100 && len(e.Objects) < mostObjects && !slices.Contains(e.Objects, id) { // v0 is none
		e.Objects = append(e.Objects, id)
	}
}
