package vastsim

import (
	"fmt"
	"slices"
	"strings"
)

// A mount is a volume inside an instance.
type mount struct {
	volume *volume
	path   string
}

// An attachment is what a create asks for.
type attachment struct {
	path     string
	existing *volume
	ask      int64   // volume offer, for a new one
	size     float64 // GB
	name     string
}

// attachmentOf reads volume_info.
func (w *World) attachmentOf(raw map[string]any) (*attachment, answer, bool) {
	wrong := func(msg string) (*attachment, answer, bool) {
		return nil, fail(400, "invalid_args", "error 400/3590: Invalid args: "+msg), true
	}
	b := body(raw)
	a := &attachment{path: b.str("mount_path"), size: 15, name: b.str("name")}
	if !mountable(a.path) {
		return wrong("invalid mount_path")
	}
	id, given := b.num("volume_id")
	if !given {
		return wrong("volume_id is required")
	}
	if fresh, _ := b["create_new"].(bool); fresh {
		if size, given := b.num("size"); given {
			a.size = size
		}
		if a.name != "" && !volumeName().MatchString(a.name) {
			return wrong("invalid volume name")
		}
		a.ask = int64(id)
		return a, answer{}, false
	}
	i := slices.IndexFunc(w.volumes, func(v *volume) bool { return v.id == int64(id) })
	if i < 0 {
		return nil, fail(404, "no_such_volume", "Volume with that ID does not exist."), true
	}
	a.existing = w.volumes[i]
	return a, answer{}, false
}

// mountable accepts paths with at least one component, none of them empty; one
// slash at the end is allowed.
func mountable(p string) bool {
	if strings.ContainsRune(p, 0) {
		return false
	}
	p = strings.TrimSuffix(strings.TrimPrefix(p, "/"), "/")
	return p != "" && !slices.Contains(strings.Split(p, "/"), "")
}

// checkAttachment holds the volume against the machine of the offer.
func (w *World) checkAttachment(o offer, a attachment) (answer, bool) {
	if v := a.existing; v != nil {
		if v.share != nil {
			return fail(400, "invalid_args", fmt.Sprintf("Volume %d is a network volume, which cannot be linked.", v.id)), true
		}
		if v.m != o.m {
			return fail(400, "invalid_args", fmt.Sprintf("Volume %d is on machine %d, the offer on %d.", v.id, v.m.id, o.m.id)), true
		}
		if len(w.users(v)) > 0 || w.clock < v.freeFrom {
			return fail(400, "invalid_args", fmt.Sprintf("Volume %d is in use.", v.id)), true
		}
		return answer{}, false
	}
	m, found := w.findVolumeOffer(a.ask)
	if !found || m != o.m {
		return fail(404, "no_such_ask", fmt.Sprintf("Volume offer %d is not on machine %d.", a.ask, o.m.id)), true
	}
	if a.size < 1 || a.size > m.volumeGB-m.usedVols {
		return fail(400, "invalid_args", "Not enough space for a volume of that size."), true
	}
	return answer{}, false
}

func (w *World) attachVolume(in *instance, o offer, a attachment) {
	v := a.existing
	if v == nil {
		v = w.newVolume(o.m, a.size, a.name)
	}
	in.volumes = append(in.volumes, mount{v, a.path})
	in.env = append(in.env, [2]string{fmt.Sprintf("-v V.%d:%s", v.id, a.path), "1"})
}
