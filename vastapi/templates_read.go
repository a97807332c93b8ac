package vastapi

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strings"
)

// Templates returns the templates that match, the most used first as the server
// counts them. Those that cannot be read are left out.
func (c *Client) Templates(ctx context.Context, q TemplateQuery) ([]Template, error) {
	var list []Template
	_, err := c.chain(ctx, &request{
		method: http.MethodGet, path: "/api/v0/template/", query: q.encode(), route: RouteTemplates,
		size: maxTemplates, total: c.limits.Total,
		read: func(body []byte) (err error) {
			list, err = readTemplates(body, q)
			return err
		},
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// encode is the query part of the address: JSON, form-quoted (recorded request).
func (q TemplateQuery) encode() string {
	filter := Filter{}
	if q.Recommended {
		filter["recommended"] = map[string]any{"eq": true}
	}
	if q.Creator != 0 {
		filter["creator_id"] = map[string]any{"eq": q.Creator}
	}
	if q.Hash != "" {
		filter["hash_id"] = map[string]any{"eq": q.Hash}
	}
	text, err := json.Marshal(filter)
	if err != nil {
		text = []byte("{}") // numbers, texts and booleans can always be written
	}
	return "select_cols=" + url.QueryEscape(`["*"]`) + "&select_filters=" + url.QueryEscape(string(text))
}

// admits checks again what the server was asked for, and does what it cannot.
func (q TemplateQuery) admits(t *Template) bool {
	if (q.Recommended && !t.Recommended.Yes()) || (q.Creator != 0 && t.Creator != q.Creator) || (q.Hash != "" && t.Hash != q.Hash) {
		return false
	}
	if q.Text == "" {
		return true
	}
	hay := strings.ToLower(t.Name.String() + "\n" + t.Ref().String() + "\n" + t.Desc.String())
	for _, word := range strings.Fields(strings.ToLower(q.Text)) {
		if !strings.Contains(hay, word) {
			return false
		}
	}
	return true
}

func readTemplates(body []byte, q TemplateQuery) ([]Template, error) {
	list, d := []Template{}, newSorter()
	seen := map[int64]bool{}
	err := d.list(body, "templates", func(s *scanner) error {
		t, err := d.template(s)
		if err == nil && !seen[t.ID] && q.admits(&t) {
			seen[t.ID] = true
			list = append(list, t)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	byUse(list)
	return list, nil
}

// template reads one row. A row without a hash can be shown but not rented.
func (d *sorter) template(s *scanner) (Template, error) {
	t := Template{Disk: GB(math.NaN())}
	err := s.fields(func(key []byte, v value) error {
		switch {
		case d.templateText(key, v, &t), templateFact(key, v, &t):
		}
		return nil
	})
	if err == nil && t.ID <= 0 {
		err = errNoID
	}
	return t, err
}

// templateText takes the fields that are texts and reports whether key was one.
func (d *sorter) templateText(key []byte, v value, t *Template) bool {
	switch string(key) {
	case "name":
		t.Name = d.text(v)
	case "image":
		t.Image = d.text(v)
	case "tag":
		t.Tag = d.text(v)
	case "env":
		t.Env = d.text(v)
	case "onstart":
		t.OnStart = d.text(v)
	case "args_str":
		t.Args = d.text(v)
	case "runtype":
		t.RunType = d.text(v)
	case "desc":
		t.Desc = d.text(v)
	case "jupyter_dir":
		t.JupyterDir = d.text(v)
	case "docker_login_repo":
		t.LoginRepo = d.text(v)
	case "extra_filters":
		t.Filters = d.text(v)
	case "href":
		t.Href = d.text(v)
	case "repo":
		t.Repo = d.text(v)
	default:
		return false
	}
	return true
}

// templateFact takes the other fields.
func templateFact(key []byte, v value, t *Template) bool {
	switch string(key) {
	case "id":
		if n, ok := v.id(); ok {
			t.ID = n
		}
	case "hash_id":
		t.Hash = hash(v.words())
	case "use_ssh":
		t.UseSSH = v.flag()
	case "ssh_direct":
		t.SSHDirect = v.flag()
	case "jup_direct":
		t.JupDirect = v.flag()
	case "use_jupyter_lab":
		t.JupyterLab = v.flag()
	case "recommended_disk_space":
		t.Disk = GB(v.positive())
	case "recommended":
		t.Recommended = v.flag()
	case "private":
		t.Private = v.flag()
	case "creator_id":
		if n, ok := v.id(); ok {
			t.Creator = n
		}
	case "count_created":
		t.Count = v.count(0)
	case "created_at":
		t.Created = v.when()
	case "recent_create_date":
		t.Recent = v.when()
	default:
		return false
	}
	return true
}

// hash is a template's hash if it is one: it goes back into a request.
func hash(s string) string {
	const most = 128
	if len(s) > most || strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-'
	}) {
		return ""
	}
	return s
}
