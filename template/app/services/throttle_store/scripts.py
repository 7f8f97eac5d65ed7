"""What Redis does with attempts; each script is one step that nothing comes between.

The keys come in pairs: the attempts by one limit, and the generation of the account that is tried.
Attempts of another generation were forgotten. So forgetting costs the same however many clients
have tried an account. All times are in microseconds, by the clock of whoever asks; Redis' own clock
only clears away what has expired.
"""

_COMMON = """
local now, window, known = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function generation(i)
    return redis.call('GET', KEYS[2 * i]) or '0'
end

local function read(i)
    local row = redis.call(
        'HMGET', KEYS[2 * i - 1], 'generation', 'failures', 'last_at', 'expires_at', 'is_known')
    if row[1] ~= generation(i) then return nil end
    return {
        failures = tonumber(row[2]),
        last_at = tonumber(row[3]),
        expires_at = tonumber(row[4]),
        is_known = row[5] == '1' and tonumber(row[4]) > now,
    }
end

local function write(i, row)
    local key = KEYS[2 * i - 1]
    redis.call('HSET', key,
        'generation', generation(i),
        'failures', string.format('%.0f', row.failures),
        'last_at', string.format('%.0f', row.last_at),
        'expires_at', string.format('%.0f', row.expires_at),
        'is_known', row.is_known and '1' or '0')
    redis.call('PEXPIRE', key, math.ceil((row.expires_at - now) / 1000))
    -- A generation must be remembered for longer than any attempts of an older one.
    redis.call('PEXPIRE', KEYS[2 * i], math.ceil((window + known) / 1000))
end
"""

ATTEMPT = f"""{_COMMON}
local is_counted, limits = ARGV[4] == '1', cjson.decode(ARGV[5])
local rows, wait = {{}}, 0
for i = 1, #limits do rows[i] = read(i) end
local is_known = rows[1] and rows[1].is_known
for i, limit in ipairs(limits) do
    local row = rows[i]
    if row and row.failures >= limit.free and not (is_known and limit.is_shared) then
        local delay = limit.delays[math.min(row.failures - limit.free + 1, #limit.delays)]
        wait = math.max(wait, row.last_at + delay - now)
    end
end
if wait > 0 or not is_counted then return wait end
for i = 1, #limits do
    local row = rows[i] or {{failures = 0, last_at = now, expires_at = 0, is_known = false}}
    row.failures = row.last_at + window > now and row.failures + 1 or 1
    row.last_at, row.expires_at = now, math.max(row.expires_at, now + window)
    write(i, row)
end
return 0
"""
"""Counts an attempt if it must not wait; gives the time that it must."""

FORGIVE = f"""{_COMMON}
for i = 1, #KEYS / 2 do
    local row = read(i)
    if row then
        row.failures = math.max(0, row.failures - 1)
        if i == 1 then
            row.failures, row.is_known, row.expires_at = 0, true, now + known
        end
        write(i, row)
    end
end
"""
"""Takes an attempt back."""

FORGET = """
for _, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('PEXPIRE', key, math.ceil(tonumber(ARGV[1]) / 1000))
end
"""
"""Begins a new generation."""
