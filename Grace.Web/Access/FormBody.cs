using Grace.Engine.Text;
using Grace.Web.Api;

namespace Grace.Web.Access;

/// <summary>Reads a form as strictly as a JSON body: what no text can hold is refused before anything looks at it.</summary>
static class FormBody
{
    public static async Task<IFormCollection> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            var form = await request.ReadFormAsync(cancel);
            var why = form.SelectMany(field => field.Value.Append(field.Key)).Select(text => Storable.Objection(text ?? "")).FirstOrDefault(objection => objection is not null);
            return why is null ? form : throw new Malformed($"The form {why}.");
        }
        catch (InvalidDataException broken)
        {
            throw new Malformed($"The form cannot be read: {broken.InnerException?.Message ?? broken.Message}");
        }
    }
}
