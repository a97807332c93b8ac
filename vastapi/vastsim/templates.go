package vastsim

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// template is one launch template, key for key.
type template struct {
	ID          int64   `json:"id"`
	Hash        string  `json:"hash_id"`
	Name        string  `json:"name"`
	Image       string  `json:"image"`
	Tag         string  `json:"tag"`
	DefaultTag  string  `json:"default_tag"`
	Env         string  `json:"env"`
	Onstart     string  `json:"onstart"`
	ArgsStr     string  `json:"args_str"`
	Runtype     string  `json:"runtype"`
	UseSSH      bool    `json:"use_ssh"`
	SSHDirect   bool    `json:"ssh_direct"`
	JupDirect   bool    `json:"jup_direct"`
	UseLab      bool    `json:"use_jupyter_lab"`
	JupyterDir  *string `json:"jupyter_dir"`
	LoginRepo   *string `json:"docker_login_repo"`
	Filters     string  `json:"extra_filters"`
	DiskSpace   float64 `json:"recommended_disk_space"`
	Recommended bool    `json:"recommended"`
	Private     bool    `json:"private"`
	CreatorID   int64   `json:"creator_id"`
	Count       int     `json:"count_created"`
	Created     float64 `json:"created_at"`
	Recent      float64 `json:"recent_create_date"`
	Desc        string  `json:"desc"`
	Readme      string  `json:"readme"`
	Href        *string `json:"href"`
	Repo        *string `json:"repo"`
	VolumeInfo  *string `json:"volume_info"`
}

var templateColumns = sync.OnceValue(func() columns { return columnsOf(template{}) })

// hashed gives t the id of its content.
func (t *template) hashed() *template {
	var h uint64
	for _, part := range []string{t.Name, t.Image, t.Tag, t.Env, t.Onstart, t.Runtype, fmt.Sprint(t.DiskSpace, t.Private)} {
		for _, c := range []byte(part) {
			h = mix(h ^ uint64(c))
		}
	}
	t.Hash = fmt.Sprintf("%016x%016x", mix(h), mix(h+1))
	return t
}

// seedTemplates puts the recommended ones and one of the user's own there.
func (w *World) seedTemplates() {
	add := func(name, image, tag, env, onstart, runtype string, disk float64, own bool, used int) {
		n := int64(len(w.templates))
		t := &template{
			ID: 62_000 + n*311, Name: name, Image: image, Tag: tag, DefaultTag: tag, Env: env, Onstart: onstart,
			Runtype: runtype, UseSSH: strings.Contains(runtype, "ssh"), SSHDirect: strings.Contains(runtype, "ssh_direc"),
			JupDirect: strings.Contains(runtype, "jupyter_direc"), UseLab: strings.Contains(runtype, "jupyter"),
			Filters: "{}", DiskSpace: disk, Recommended: !own, Private: own, CreatorID: 1, Count: used,
			Created: w.epochSeconds(-300 * day), Recent: w.epochSeconds(-day), Desc: name,
		}
		if own {
			t.CreatorID = w.account.id
		}
		w.templates = append(w.templates, t.hashed())
	}
	add("PyTorch (Vast)", "vastai/pytorch", "cuda-12.4.1-auto", "-p 1111:1111 -p 8080:8080 -e OPEN_BUTTON_PORT=1111 -e OPEN_BUTTON_TOKEN=1 -e DATA_DIRECTORY=/workspace/", "entrypoint.sh", "jupyter_direc ssh_direc ssh_proxy", 32, false, 148_213)
	add("NVIDIA CUDA", "nvidia/cuda", "12.4.1-cudnn-devel-ubuntu22.04", "", "env >> /etc/environment; touch ~/.no_auto_tmux", "ssh_direc ssh_proxy", 24, false, 96_400)
	add("vLLM + Open WebUI", "vllm/vllm-openai", "latest", "-p 8000:8000 -e OPEN_BUTTON_PORT=8000 -e MODEL=Qwen/Qwen2.5-7B-Instruct", "", "ssh_direc ssh_proxy", 80, false, 51_877)
	add("ComfyUI", "vastai/comfy", "@vastai-automatic-tag", "-p 8188:8188 -e OPEN_BUTTON_PORT=8188", "entrypoint.sh", "jupyter_direc ssh_direc ssh_proxy", 64, false, 88_942)
	add("Ubuntu 22.04 VM", "docker.io/vastai/kvm", "ubuntu_terminal", "", "", "ssh_direc ssh_proxy", 40, false, 20_316)
	add("Whisper batch", "ghcr.io/example/whisper-batch", "2.1", "-e BATCH=16", "python -m batch --watch /workspace/in", "ssh_direc ssh_proxy", 24, true, 41)
}

// templateFor finds the template a body names; ok is false when it names one
// that is not there.
func (w *World) templateFor(b body) (t *template, ok bool) {
	hash := b.str("template_hash_id")
	id, byID := b.num("template_id")
	if hash == "" && !byID {
		return nil, true
	}
	i := slices.IndexFunc(w.templates, func(t *template) bool {
		return hash != "" && t.Hash == hash || byID && t.ID == int64(id)
	})
	if i < 0 {
		return nil, false
	}
	return w.templates[i], true
}

// listTemplates is GET /template/.
func (w *World) listTemplates(q *request) answer {
	f := body{}
	if raw := q.arg("select_filters"); raw != "" && json.Unmarshal([]byte(raw), &f) != nil {
		return fail(400, "invalid_args", "select_filters must be an object")
	}
	var tests []test
	for _, name := range slices.Sorted(keysOf(f)) {
		c, found := templateColumns()[name]
		if !found {
			return badQuery(fmt.Errorf("%s is not a valid search key", name))
		}
		t, err := condition(f[name], c.kind, func(row reflect.Value) cell { return cellAt(row, c) })
		if err != nil {
			return badQuery(err)
		}
		tests = append(tests, t)
	}
	rows := []template{}
	for _, t := range w.templates {
		v := reflect.ValueOf(t).Elem()
		if !slices.ContainsFunc(tests, func(x test) bool { return !x(v) }) {
			rows = append(rows, *t)
		}
	}
	return ok(map[string]any{"templates_found": len(rows), "templates": rows})
}

// fill overwrites t with what a body gives.
func (t *template) fill(b body) {
	for key, field := range map[string]*string{
		"name": &t.Name, "image": &t.Image, "tag": &t.Tag, "env": &t.Env, "onstart": &t.Onstart,
		"args_str": &t.ArgsStr, "runtype": &t.Runtype, "desc": &t.Desc, "readme": &t.Readme,
	} {
		if s, given := b[key].(string); given {
			*field = s
		}
	}
	for key, field := range map[string]*bool{
		"use_ssh": &t.UseSSH, "ssh_direct": &t.SSHDirect, "jup_direct": &t.JupDirect,
		"use_jupyter_lab": &t.UseLab, "private": &t.Private,
	} {
		if x, given := b[key].(bool); given {
			*field = x
		}
	}
	if n, given := b.num("recommended_disk_space"); given {
		t.DiskSpace = n
	}
	t.DefaultTag = t.Tag
	t.hashed()
}

func (w *World) createTemplate(q *request) answer {
	if q.body.str("name") == "" || q.body.str("image") == "" {
		return fail(400, "invalid_args", "Template name and image are required")
	}
	now := w.epochSeconds(w.clock)
	w.serial++
	t := &template{ID: 90_000 + int64(w.serial), Filters: "{}", CreatorID: w.account.id, Created: now, Recent: now, Runtype: "ssh", DiskSpace: 10}
	t.fill(q.body)
	w.templates = append(w.templates, t)
	return ok(map[string]any{"msg": fmt.Sprintf("Template Created Successfully! New Template ID: %d", t.ID), "template": t})
}

// own finds a template of the user's that a body names.
func (w *World) own(b body) (*template, answer, bool) {
	alias := body{"template_hash_id": b["hash_id"], "template_id": b["template_id"]}
	t, found := w.templateFor(alias)
	switch {
	case !found || t == nil:
		return nil, fail(404, "not_found", "No such template."), true
	case t.CreatorID != w.account.id:
		return nil, fail(403, "not_authorized", "Only your own templates can be changed."), true
	}
	return t, answer{}, false
}

func (w *World) editTemplate(q *request) answer {
	t, a, bad := w.own(q.body)
	if bad {
		return a
	}
	t.fill(q.body)
	return ok(map[string]any{"msg": "Template updated", "template": t})
}

func (w *World) deleteTemplate(q *request) answer {
	t, a, bad := w.own(q.body)
	if bad {
		return a
	}
	w.templates = slices.DeleteFunc(w.templates, func(x *template) bool { return x == t })
	return ok(map[string]any{"msg": "Template deleted"})
}
