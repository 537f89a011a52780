-- Forward authentication for HAProxy 2.6 and later. Nothing but a 200 lets a request go on. HAProxy itself goes on where a
-- script breaks off, so the configuration denies what has no txn.key_admitted.
local VERIFICATION = "http://127.0.0.1:8090/keys/auth"
local CREDENTIALS = { "authorization", "x-api-key" }
local IDENTITY = {
  ["x-api-key-id"] = "txn.key_id",
  ["x-api-key-subject"] = "txn.key_subject",
  ["x-api-key-organization"] = "txn.key_organization",
  ["x-api-key-scopes"] = "txn.key_scopes",
}
local PASSED_ON = { "www-authenticate", "retry-after", "cache-control", "content-type", "ratelimit", "ratelimit-policy" }

-- HAProxy's lists begin at 0.
local function values(headers, name)
  local list = {}
  local i = 0
  while headers and headers[name] and headers[name][i] do
    list[#list + 1] = headers[name][i]
    i = i + 1
  end
  return list
end

local function refuse(txn, status, headers, body)
  local reply = txn:reply()
  reply:set_status(status)
  for _, name in ipairs(PASSED_ON) do
    for _, value in ipairs(values(headers, name)) do
      reply:add_header(name, value)
    end
  end
  reply:set_body(body or "")
  txn:done(reply)
end

core.register_action("api-key", { "http-req" }, function(txn)
  local sent = txn.http:req_get_headers()
  local asked = {
    ["x-forwarded-method"] = { txn.sf:method() },
    -- Not url(): clients of HTTP/2 send an absolute one.
    ["x-forwarded-uri"] = { txn.sf:pathq() },
    ["x-forwarded-for"] = { txn.sf:src() },
  }
  for _, name in ipairs(CREDENTIALS) do
    local all = values(sent, name)
    if #all > 0 then
      -- Two are refused as more of them would be. With more headers than its client has room for, HAProxy 2.6 breaks down.
      asked[name] = { all[1], all[2] }
    end
  end
  local answer = core.httpclient():get({ url = VERIFICATION, headers = asked, timeout = 5000 })
  if answer and answer.status == 200 then
    for name, variable in pairs(IDENTITY) do
      txn:set_var(variable, values(answer.headers, name)[1] or "")
    end
    txn:set_var("txn.key_admitted", true)
  elseif answer and answer.status >= 400 and answer.status < 500 then
    refuse(txn, answer.status, answer.headers, answer.body)
  else
    refuse(txn, 503, answer and answer.headers or {}, '{"error":"unavailable"}')
  end
end)
