package rental

import (
	"encoding/json"
	"strconv"
	"strings"

	"vastdeck/vastapi"
)

// permissionsFile is the file of a line that makes a key of few permissions: the
// official client reads them from a file.
const permissionsFile = "permissions.json"

// officialAccount is the line for a change of the account's keys and variables; the
// value of a variable is that of a shell variable.
func officialAccount(call vastapi.Call) string {
	switch c := call.(type) {
	case vastapi.CreateAPIKey:
		return officialAPIKey(c)
	case vastapi.DeleteAPIKey:
		return "vastai delete api-key " + strconv.FormatInt(c.Key, 10)
	case vastapi.CreateEnvVar:
		return "vastai create env-var " + c.Key + ` "$` + valueOf(c.Key) + `"`
	case vastapi.UpdateEnvVar:
		return "vastai update env-var " + c.Key + ` "$` + valueOf(c.Key) + `"`
	case vastapi.DeleteEnvVar:
		return "vastai delete env-var " + c.Key
	}
	return "#"
}

func officialAPIKey(c vastapi.CreateAPIKey) string {
	line := "vastai create api-key " + strings.Join(option("--name", c.Name), " ")
	if c.Permissions.Full {
		return line
	}
	body, err := c.Body()
	var sent struct {
		Permissions json.RawMessage `json:"permissions"`
	}
	if err == nil {
		err = json.Unmarshal(body, &sent)
	}
	if err != nil {
		return "# the permissions cannot be written"
	}
	return "printf '%s' " + shellQuote(string(sent.Permissions)) + " > " + permissionsFile + "\n" + line + " --permission_file " + permissionsFile
}

// valueOf is the shell variable that stands for the value of a variable.
func valueOf(name string) string { return placeholder(name) }
