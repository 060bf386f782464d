package sandbox

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

//go:embed methods.json
var methodTable []byte

// method is what Slack publishes about one Web API method. It decides what is
// refused before the handler runs, and which error codes may be answered.
type method struct {
	Name   string
	Post   bool                `json:"post"` // needs POST
	JSON   bool                `json:"json"` // takes a JSON body
	Tier   int                 `json:"tier"` // of its rate limit; 0 has a rule of its own
	Token  string              `json:"token"`
	Scopes []string            `json:"scopes"` // any one of them will do
	Args   map[string]argument `json:"args"`
	Errors []string            `json:"errors"`
	handle handler
}

type argument struct {
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Enum     []string `json:"enum"`
	Max      int      `json:"max"`
}

// handler does what a method does, with the state locked.
type handler func(w *Workspace, c *call) (object, error)

// handlers gives each method of the table what it does.
var handlers = map[string]handler{
	"api.test":                 apiTest,
	"apps.connections.open":    openConnection,
	"auth.test":                authTest,
	"bookmarks.add":            addBookmark,
	"bookmarks.list":           listBookmarks,
	"bots.info":                botInfo,
	"chat.delete":              deleteMessage,
	"chat.getPermalink":        permalink,
	"chat.postEphemeral":       postEphemeral,
	"chat.postMessage":         postMessage,
	"chat.update":              updateMessage,
	"conversations.archive":    archiveChannel,
	"conversations.create":     createChannel,
	"conversations.history":    history,
	"conversations.info":       channelInfo,
	"conversations.invite":     inviteUsers,
	"conversations.join":       joinChannel,
	"conversations.leave":      leaveChannel,
	"conversations.list":       listChannels,
	"conversations.members":    listMembers,
	"conversations.open":       openDirect,
	"conversations.rename":     renameChannel,
	"conversations.replies":    replies,
	"conversations.setPurpose": setPurpose,
	"conversations.setTopic":   setTopic,
	"conversations.unarchive":  unarchiveChannel,
	"pins.add":                 addPin,
	"pins.list":                listPins,
	"pins.remove":              removePin,
	"reactions.add":            addReaction,
	"team.info":                teamInfo,
	"usergroups.list":          listGroups,
	"usergroups.users.list":    listGroupUsers,
	"users.conversations":      userChannels,
	"users.info":               userInfo,
	"users.list":               listUsers,
	"users.lookupByEmail":      lookupByEmail,
	"views.open":               openView,
	"views.publish":            publishView,
	"views.push":               pushView,
	"views.update":             updateView,
}

func readMethods() (map[string]*method, error) {
	var table map[string]*method
	if err := json.Unmarshal(methodTable, &table); err != nil {
		return nil, fmt.Errorf("read the table of methods: %w", err)
	}
	for name, m := range table {
		m.Name, m.handle = name, handlers[name]
		if m.handle == nil {
			return nil, fmt.Errorf("the table of methods has %s, which nothing handles", name)
		}
	}
	return table, nil
}

// commonErrors may be answered by any method.
var commonErrors = []string{
	"access_denied", "accesslimited", "account_inactive", "deprecated_endpoint", "ekm_access_denied",
	"enterprise_is_restricted", "fatal_error", "invalid_arg_name", "invalid_array_arg", "invalid_charset",
	"invalid_form_data", "invalid_post_type", "is_bot", "method_deprecated", "missing_post_type",
	"missing_scope", "no_permission", "not_allowed_token_type", "not_authed", "org_login_required",
	"ratelimited", "request_timeout", "service_unavailable", "team_added_to_org", "token_expired",
	"token_revoked", "two_factor_setup_required", "unknown_method",
	"internal_error", "invalid_arguments", "invalid_auth", "invalid_json", "json_not_object",
}

// may tells whether Slack documents code for the method.
func (m *method) may(code string) bool {
	return slices.Contains(m.Errors, code) || slices.Contains(commonErrors, code)
}

// scopesFor narrows the method's scopes to those that reach channels of a kind.
// Scopes of no kind (chat:write, pins:read) reach them all.
func (m *method) scopesFor(kind string) []string {
	var fit []string
	for _, s := range m.Scopes {
		family, _, _ := strings.Cut(s, ":")
		switch family {
		case "channels", "groups", "im", "mpim":
			if strings.TrimSuffix(family, "s") == kind {
				fit = append(fit, s)
			}
		default:
			fit = append(fit, s)
		}
	}
	return fit
}
