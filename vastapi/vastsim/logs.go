package vastsim

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A result is a text that becomes readable after it was asked for a few times.
type result struct {
	text   string
	misses int // polls that are still answered 404
}

// keptResults is how many results can be read; older ones are gone, as in an
// object store that expires them.
const keptResults = 100

// publish puts text behind a URL of this server, as the service does with its
// object store.
func (w *World) publish(q *request, text string) string {
	w.serial++
	token := fmt.Sprintf("%016x%016x.log", w.hash(drawToken, w.serial, 1), w.hash(drawToken, w.serial, 2))
	w.results[token] = &result{text: text, misses: 1 + int(w.serial%2)}
	w.published = append(w.published, token)
	if len(w.published) > keptResults {
		delete(w.results, w.published[0])
		w.published = w.published[1:]
	}
	return q.base + "/_results/" + token
}

// serveResult needs no key: the URL is the secret.
func (w *World) serveResult(token string) answer {
	r := w.results[strings.TrimSuffix(token, "/")]
	if r == nil || r.misses > 0 {
		if r != nil {
			r.misses--
		}
		return answer{status: 404, kind: "application/xml", body: []byte("<Error><Code>NoSuchKey</Code></Error>")}
	}
	return answer{status: 200, kind: "text/plain", body: []byte(r.text)}
}

// requestLogs is PUT /instances/request_logs/{id}/.
func (w *World) requestLogs(q *request) answer {
	in, found := w.target(q)
	if !found {
		return reply(404, map[string]any{"error": "invalid_id", "msg": "Invalid instance id."})
	}
	lines := w.containerLog(in)
	if daemon := q.body["daemon_logs"]; daemon == "true" || daemon == true {
		lines = w.daemonLog(in)
	}
	if f := q.body.str("filter"); f != "" {
		lines = slices.DeleteFunc(lines, func(l string) bool { return !strings.Contains(l, f) })
	}
	tail := 1000
	if n, given := q.body.num("tail"); given && n >= 0 {
		tail = int(n)
	}
	if len(lines) > tail {
		lines = lines[len(lines)-tail:]
	}
	text := strings.Join(lines, "\n")
	if text != "" {
		text += "\n"
	}
	return ok(map[string]any{"result_url": w.publish(q, text), "msg": "Logs requested, wait a few seconds and then view"})
}

// containerLog is what the container has written, at most the last two thousand
// lines. It depends on the instance and on how long it has been up.
func (w *World) containerLog(in *instance) []string {
	if in.actual == "" || in.actual == "created" || in.actual == "loading" {
		return nil
	}
	lines := []string{
		"/root/.launch: starting container C." + strconv.FormatInt(in.id, 10),
		"Creating authorized keys for root",
		"sshd: Server listening on 0.0.0.0 port 22.",
		fmt.Sprintf("nvidia-smi: %d x %s, driver %s, CUDA %.1f", in.gpus, in.m.model.name, in.m.driver.version, in.m.driver.cuda),
	}
	if in.onstart != "" {
		lines = append(lines, "running onstart script")
	}
	const each = 7 * time.Second
	last := int((in.ranUntil(w.clock) - in.upSince) / each)
	for i := max(1, last-1995); i <= last; i++ {
		at := w.born.Add(in.upSince + time.Duration(i)*each).UTC().Format("2006-01-02 15:04:05")
		loss := 0.9 + 2.4/(1+float64(i)/90) + 0.06*w.unit(drawUsage, uint64(in.id), 11, uint64(i))
		switch {
		case i%120 == 0:
			lines = append(lines, fmt.Sprintf("%s INFO saved checkpoint to /workspace/out/step-%d", at, i*10))
		case i%77 == 0:
			lines = append(lines, fmt.Sprintf("%s WARNING dataloader waited %.1f s for the disk", at, 2*loss))
		default:
			lines = append(lines, fmt.Sprintf("%s INFO step %d loss %.4f lr %.2e", at, i*10, loss, 2e-4/(1+float64(i)/400)))
		}
	}
	return lines
}

// ranUntil is when its container ended, or now while it runs.
func (in *instance) ranUntil(now time.Duration) time.Duration {
	if in.billsGPU() {
		return now
	}
	for _, s := range slices.Backward(in.ledger.segments) {
		if s.rates.gpu > 0 {
			return min(s.to, now)
		}
	}
	return in.upSince
}

func (w *World) daemonLog(in *instance) []string {
	at := w.born.Add(in.created).UTC().Format("2006-01-02 15:04:05")
	lines := []string{
		at + " kaalia: new contract " + in.text() + " on machine " + strconv.FormatInt(in.m.id, 10),
		at + " kaalia: docker pull " + in.image,
	}
	if in.actual == "running" {
		lines = append(lines, w.born.Add(in.upSince).UTC().Format("2006-01-02 15:04:05")+" kaalia: container started")
	}
	return lines
}

// execute is PUT /instances/command/{id}/, which knows three commands.
func (w *World) execute(q *request) answer {
	in, found := w.target(q)
	if !found {
		return fail(400, "invalid_container_id", "No such container.")
	}
	command := q.body.str("command")
	words := strings.Fields(command)
	if len(words) == 0 || len(command) > 512 || !slices.Contains([]string{"ls", "rm", "du"}, words[0]) {
		return fail(400, "invalid_args", "Invalid command given.")
	}
	if words[0] == "rm" {
		for _, p := range words[1:] {
			if strings.HasPrefix(p, "/") {
				in.deleted = append(in.deleted, path.Clean(p))
			}
		}
	}
	where := "/"
	if last := words[len(words)-1]; strings.HasPrefix(last, "/") {
		where = path.Clean(last)
	}
	prefix := fmt.Sprintf("/var/lib/docker/vast/%s", in.text())
	return ok(map[string]any{
		"result_url": w.publish(q, w.output(in, words[0], where, prefix)), "writeable_path": prefix,
		"msg": "Command is executing, wait a few seconds and then view",
	})
}

// lacks reports whether rm was run on p or on a folder it lies in.
func (in *instance) lacks(p string) bool {
	return slices.ContainsFunc(in.deleted, func(d string) bool { return p == d || strings.HasPrefix(p, d+"/") })
}

// output is what a command prints; the path of the container on its host stands
// in it, and clients take it out.
func (w *World) output(in *instance, command, where, prefix string) string {
	names := []string{"data", "out", "README.md", "train.py", "requirements.txt"}
	if where == "/" {
		names = []string{"bin", "etc", "root", "tmp", "workspace"}
	}
	names = slices.DeleteFunc(names, func(n string) bool { return in.lacks(path.Join(where, n)) })
	switch command {
	case "ls":
		out := fmt.Sprintf("%s%s:\ntotal %d\n", prefix, where, len(names)*4)
		for i, n := range names {
			kind := "drwxr-xr-x 2"
			if strings.Contains(n, ".") {
				kind = "-rw-r--r-- 1"
			}
			at := w.born.Add(in.created + time.Duration(i)*time.Minute).UTC().Format("Jan _2 15:04")
			out += fmt.Sprintf("%s root root %6d %s %s\n", kind, 4096+w.hash(drawUsage, uint64(in.id), 20, uint64(i))%90000, at, n)
		}
		return out
	case "du":
		out := ""
		for i, n := range names {
			out += fmt.Sprintf("%d\t%s%s\n", 4+w.hash(drawUsage, uint64(in.id), 21, uint64(i))%4_000_000, prefix, path.Join(where, n))
		}
		return out
	}
	return ""
}
