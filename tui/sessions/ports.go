package sessions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// mostPort is the largest port there is.
const mostPort = 65535

// usual are ports on which something of an image for machine learning often
// listens, and what that is.
var usual = []struct {
	port int
	what string
}{
	{8888, "Jupyter"}, {6006, "TensorBoard"}, {1111, "instance portal"}, {8080, "web interface"}, {7860, "Gradio"}, {8188, "ComfyUI"},
	{8000, "vLLM or another API"}, {11434, "Ollama"}, {3000, "web interface"}, {8501, "Streamlit"}, {5000, "MLflow"}, {8265, "Ray dashboard"},
	{8787, "Dask dashboard"}, {4040, "Spark"}, {9090, "Prometheus"}, {8384, "Syncthing"}, {5678, "debugpy"},
}

// portMeaning is what usually listens on a port, in brackets.
func portMeaning(port int) string {
	for _, u := range usual {
		if u.port == port {
			return " (" + u.what + ")"
		}
	}
	return ""
}

// portOptions are the ports of an instance to choose from: those it was rented
// with, then those on which something usually listens.
func portOptions(i *vastapi.Instance) []view.Option {
	var list []view.Option
	listed := map[int]bool{22: true} // ssh itself
	add := func(port int, help string) {
		if port < 1 || port > mostPort || listed[port] {
			return
		}
		listed[port] = true
		value := strconv.Itoa(port)
		list = append(list, view.Option{Value: value, Label: value + portMeaning(port), Help: help})
	}
	for _, port := range openPorts(i) {
		add(port, "opened by the image or the rental")
	}
	if strings.Contains(i.RunType.String(), "jupyter") {
		add(8888, "the run type has Jupyter")
		add(8080, "the run type has Jupyter, which the provider's images put here")
	}
	for _, u := range usual {
		add(u.port, "what usually listens here")
	}
	return list
}

// openPorts are the container's ports that an instance was rented with, each once.
func openPorts(i *vastapi.Instance) []int {
	var ports []int
	add := func(port int, proto string) {
		if proto != "udp" && port > 0 && !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	for _, p := range i.Ports {
		number, proto, _ := strings.Cut(p.Container, "/")
		add(typedPort(number), proto)
	}
	env := rental.Env{}
	for _, pair := range i.Env {
		if name := pair[0].String(); strings.HasPrefix(name, "-p ") {
			env[name] = pair[1].String()
		}
	}
	for _, p := range env.Ports() {
		add(p.Container, p.Proto)
	}
	return ports
}

// typedPort reads a port; 0 when it is none.
func typedPort(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 || n > mostPort {
		return 0
	}
	return n
}

// portNames says which ports an instance was rented with, for the form.
func portNames(i *vastapi.Instance) string {
	ports := openPorts(i)
	ports = slices.DeleteFunc(ports, func(p int) bool { return p == 22 })
	if len(ports) == 0 {
		return "none is named by the rental; any that something listens on can be forwarded"
	}
	var names []string
	for _, p := range ports[:min(len(ports), 8)] {
		names = append(names, strconv.Itoa(p)+portMeaning(p))
	}
	if more := len(ports) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
