package slackapi

// reasons are Slack's codes in words for people: each completes "could not be
// delivered:" or "could not be invited:".
var reasons = map[string]string{ //nolint:gosec // "token" here is a word in a sentence
	// the channel
	"channel_not_found":                        "the channel does not exist, or Muster is not in it",
	"is_archived":                              "the channel is archived",
	"not_in_channel":                           "Muster is not in the channel",
	"restricted_action":                        "the workspace does not let Muster do this",
	"restricted_action_read_only_channel":      "only some people may post in the channel",
	"restricted_action_thread_only_channel":    "the channel takes replies only",
	"restricted_action_thread_locked":          "the thread is locked",
	"restricted_action_non_threadable_channel": "the channel has no threads",
	"cannot_create_channel":                    "the workspace does not let Muster create channels",
	"method_not_supported_for_channel_type":    "this kind of channel does not allow it",
	"name_taken":                               "the channel's name is taken",
	"invalid_name":                             "Slack does not take the channel's name",
	"invalid_name_maxlength":                   "the channel's name is too long",
	"invalid_name_punctuation":                 "the channel's name is punctuation only",
	"invalid_name_required":                    "the channel's name is empty",
	"invalid_name_specials":                    "the channel's name has characters that Slack does not take",
	"too_long":                                 "the text is too long",
	// the message
	"message_not_found":      "the message was deleted",
	"cant_update_message":    "Slack does not let Muster edit the message",
	"edit_window_closed":     "the message may no longer be edited",
	"is_inactive":            "the message may no longer be edited",
	"msg_too_long":           "the message is too long",
	"msg_blocks_too_long":    "the message is too long",
	"no_text":                "the message is empty",
	"invalid_blocks":         "Slack does not take the message's layout",
	"invalid_blocks_format":  "Slack does not take the message's layout",
	"message_limit_exceeded": "the workspace has reached its number of messages",
	"messages_tab_disabled":  "direct messages to Muster are switched off",
	"too_many_pins":          "the channel has no room for another pin",
	"not_pinnable":           "this message cannot be pinned",
	// people
	"user_not_found":             "there is no such user",
	"no_user":                    "there is no such user",
	"user_not_visible":           "Muster may not see this user",
	"user_disabled":              "the account is deactivated",
	"user_is_restricted":         "guests may not join",
	"ura_max_channels":           "a guest may be in no further channel",
	"cant_invite":                "Slack does not let Muster invite this person",
	"cant_invite_self":           "this is Muster itself",
	"already_in_channel":         "already in the channel",
	"app_cannot_join_channel":    "an app cannot join the channel",
	"invitee_cant_see_channel":   "this person may not see the channel",
	"org_user_not_in_team":       "this person is not in the workspace",
	"no_such_subteam":            "there is no such user group",
	"plan_upgrade_required":      "the workspace's plan has no user groups",
	"cannot_dm_bot":              "apps take no direct messages",
	"external_channel_migrating": "the shared channel is being moved",
	// the app and the workspace
	"missing_scope":             "Muster's Slack app lacks a scope",
	"no_permission":             "Muster's Slack app has no permission for it",
	"ekm_access_denied":         "the workspace's administrators have suspended posting",
	"team_not_found":            "Slack does not know the workspace",
	"invalid_auth":              "Slack does not accept Muster's token",
	"not_authed":                "Muster has no token for Slack",
	"account_inactive":          "Muster's account in Slack is deactivated",
	"token_revoked":             "Muster's token for Slack was revoked",
	"token_expired":             "Muster's token for Slack has expired",
	"not_allowed_token_type":    "Muster's token for Slack is of the wrong kind",
	"org_login_required":        "the workspace is being moved to an organisation",
	"team_added_to_org":         "the workspace is being moved to an organisation",
	"two_factor_setup_required": "the workspace asks for a second factor",
	"accesslimited":             "Slack may not be used from Muster's network",
	"access_denied":             "Slack does not give Muster access",
	"internal_error":            "Slack has a problem",
	"fatal_error":               "Slack has a problem",
	"service_unavailable":       "Slack is not available",
	"request_timeout":           "Slack did not receive the request whole",
}

// aboutPeople are the codes of an invitation that are about those invited, not
// about the channel or the caller.
var aboutPeople = map[string]bool{
	"already_in_channel": true, "app_cannot_join_channel": true, "cant_invite": true, "cant_invite_self": true,
	"invitee_cant_see_channel": true, "no_user": true, "org_user_not_in_team": true, "ura_max_channels": true,
	"user_disabled": true, "user_is_restricted": true, "user_not_found": true, "user_not_visible": true,
	"no_external_invite_permission": true,
}

// reason says a code in words; one that we do not know is better than nothing.
func reason(code string) string {
	if words, ok := reasons[code]; ok {
		return words
	}
	return "Slack refused it: " + code
}
